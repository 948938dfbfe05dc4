/// The counter-based random generator Philox4x32-10.
///
/// Ten rounds mix a 128-bit counter with a 64-bit key. The result is a pure function: the same key
/// and counter give the same four words on every machine and in any order.
///
/// Reference: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", 2011.
package struct Philox: Sendable {
  package let key: SIMD2<UInt32>

  package init(key: SIMD2<UInt32>) { self.key = key }

  /// Returns the four random words of `counter`.
  package func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = UInt64(counter.x) * 0xD251_1F53
      let second = UInt64(counter.z) * 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
      key = SIMD2(key.x &+ 0x9E37_79B9, key.y &+ 0xBB67_AE85)
    }
    return counter
  }

  /// Returns the random words of four counters (x, y, z, w) that share z and w.
  ///
  /// The result equals that of ``block(_:)`` for each counter.
  package func blocks(
    x: SIMD4<UInt32>, y: SIMD4<UInt32>, z: UInt32, w: UInt32
  ) -> Blocks {
    var words = Blocks(
      first: x, second: y, third: SIMD4(repeating: z), fourth: SIMD4(repeating: w))
    var key = key
    for _ in 0..<10 {
      let first = Philox.product(words.first, 0xD251_1F53)
      let second = Philox.product(words.third, 0xCD9E_8D57)
      words = Blocks(
        first: second.high ^ words.second ^ SIMD4(repeating: key.x), second: second.low,
        third: first.high ^ words.fourth ^ SIMD4(repeating: key.y), fourth: first.low)
      key = SIMD2(key.x &+ 0x9E37_79B9, key.y &+ 0xBB67_AE85)
    }
    return words
  }

  @inline(__always)
  private static func product(
    _ values: SIMD4<UInt32>, _ factor: UInt64
  ) -> (high: SIMD4<UInt32>, low: SIMD4<UInt32>) {
    let product = SIMD4<UInt64>(truncatingIfNeeded: values) &* SIMD4(repeating: factor)
    return (
      SIMD4<UInt32>(truncatingIfNeeded: product &>> 32), SIMD4<UInt32>(truncatingIfNeeded: product)
    )
  }

  /// The words of four blocks: lane i of each vector belongs to block i.
  package struct Blocks: Sendable {
    package let first: SIMD4<UInt32>
    package let second: SIMD4<UInt32>
    package let third: SIMD4<UInt32>
    package let fourth: SIMD4<UInt32>

    /// The four words of a block.
    package subscript(block: Int) -> SIMD4<UInt32> {
      SIMD4(first[block], second[block], third[block], fourth[block])
    }
  }
}
