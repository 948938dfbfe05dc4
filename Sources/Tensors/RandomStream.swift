internal import Functions

/// The random numbers of one seed and purpose. Each is a pure function of its index.
package struct RandomStream: Sendable {
  private let philox: Philox
  private let stream: UInt64

  package init(seed: Int, purpose: RandomPurpose) {
    let seed = UInt64(bitPattern: Int64(seed))
    philox = Philox(
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    stream = RandomStream.hash(purpose.label)
  }

  private init(_ philox: Philox, stream: UInt64) {
    self.philox = philox
    self.stream = stream
  }

  /// Returns the stream of one step, for a purpose that draws numbers in every step. It does not
  /// allocate memory.
  package func step(_ number: Int) -> RandomStream {
    // The factor is odd, so that different steps have different streams.
    RandomStream(
      philox, stream: stream &+ UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// Returns the four random words of block `index`.
  package func words(at index: Int) -> SIMD4<UInt32> {
    let index = UInt64(bitPattern: Int64(index))
    return philox.block(
      SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)))
  }

  /// Returns the random words of sixteen blocks, in about twice the time of one.
  ///
  /// - Parameters:
  ///   - first: the index of the first block.
  ///   - step: the distance between the indices of successive blocks.
  package func words(from first: Int, step: Int = 1) -> Philox.Blocks {
    let start = UInt64(bitPattern: Int64(first))
    let end = start &+ 15 &* UInt64(bitPattern: Int64(step))
    if step >= 0, end >= start, start >> 32 == end >> 32 {
      let step = UInt32(truncatingIfNeeded: step)
      return blocks(
        x: SIMD16(repeating: UInt32(truncatingIfNeeded: start))
          &+ SIMD16(repeating: step) &* RandomStream.lanes,
        y: SIMD16(repeating: UInt32(truncatingIfNeeded: start >> 32)))
    }
    return words(at: SIMD16(repeating: first) &+ SIMD16(repeating: step) &* SIMD16(0..<16))
  }

  /// Returns the random words of sixteen blocks.
  package func words(at indices: SIMD16<Int>) -> Philox.Blocks {
    var (x, y) = (SIMD16<UInt32>(repeating: 0), SIMD16<UInt32>(repeating: 0))
    for lane in 0..<16 {
      let index = UInt64(bitPattern: Int64(indices[lane]))
      x[lane] = UInt32(truncatingIfNeeded: index)
      y[lane] = UInt32(truncatingIfNeeded: index >> 32)
    }
    return blocks(x: x, y: y)
  }

  private static let lanes = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

  private func blocks(x: SIMD16<UInt32>, y: SIMD16<UInt32>) -> Philox.Blocks {
    philox.blocks(
      x: x, y: y, z: UInt32(truncatingIfNeeded: stream),
      w: UInt32(truncatingIfNeeded: stream >> 32))
  }

  /// Returns the 64-bit FNV-1a hash (G. Fowler, L. C. Noll, K.-P. Vo, 1991).
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// Returns the 64 random bits at `index`.
  package func bits(at index: Int) -> UInt64 {
    let (even, odd) = pair(at: UInt64(bitPattern: Int64(index)) >> 1)
    return index & 1 == 0 ? even : odd
  }

  /// Returns the bits at 2·`index` and 2·`index` + 1, which belong to one block of the generator.
  private func pair(at index: UInt64) -> (even: UInt64, odd: UInt64) {
    let block = words(at: Int(bitPattern: UInt(index)))
    return (
      UInt64(block.x) << 32 | UInt64(block.y), UInt64(block.z) << 32 | UInt64(block.w)
    )
  }

  /// Returns a uniform value in [0, 1) with 53 random bits.
  package func uniform(at index: Int) -> Double { RandomStream.uniform(bits(at: index)) }

  private static func uniform(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

  /// Returns a normal value with mean 0 and variance 1.
  ///
  /// The Box-Muller transform √(−2 ln u)·cos(2πv) uses the uniform values at 2·index and 2·index +
  /// 1.
  ///
  /// Reference: G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates",
  /// 1958.
  package func normal(at index: Int) -> Double {
    let (even, odd) = pair(at: UInt64(bitPattern: Int64(index)))
    let radius = (-2 * logarithm(1 - RandomStream.uniform(even))).squareRoot()
    return radius * cosine(ofTurns: RandomStream.uniform(odd))
  }

  /// Returns the numbers 0 ..< `count` in random order.
  ///
  /// Each index is the high word of a 128-bit product. Its bias is below count / 2⁶⁴.
  ///
  /// Reference: R. Durstenfeld, "Algorithm 235: random permutation", 1964.
  package func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// Shuffles `order` in place.
  package func shuffle<Item>(_ order: inout [Item]) {
    var span = order.mutableSpan
    shuffle(&span)
  }

  /// Shuffles `order` in place.
  package func shuffle<Item>(_ order: inout MutableSpan<Item>) {
    var last = order.count - 1
    while last > 0 {
      // One block gives the bits for the indices 2k and 2k + 1. If the last index is even, only
      // half of its block is used.
      let (even, odd) = pair(at: UInt64(last) / 2)
      if last & 1 == 1 {
        order.swapAt(last, RandomStream.draw(odd, from: last + 1))
        last -= 1
      }
      order.swapAt(last, RandomStream.draw(even, from: last + 1))
      last -= 1
    }
  }

  /// Returns a random index below `count`.
  private static func draw(_ bits: UInt64, from count: Int) -> Int {
    Int(bits.multipliedFullWidth(by: UInt64(count)).high)
  }
}
