internal import CVectors

/// The counter-based random generator Philox4x32-10.
///
/// Ten rounds mix a 128-bit counter with a 64-bit key. The result is a pure function: the same key
/// and counter give the same four words on every machine and in any order.
///
/// Reference: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", 2011.
package struct Philox: Sendable {
  private static let factors = SIMD2<UInt32>(0xD251_1F53, 0xCD9E_8D57)

  package let key: SIMD2<UInt32>

  package init(key: SIMD2<UInt32>) { self.key = key }

  /// Returns the four random words of `counter`.
  package func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = UInt64(counter.x) * UInt64(Philox.factors.x)
      let second = UInt64(counter.z) * UInt64(Philox.factors.y)
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
      key = SIMD2(key.x &+ 0x9E37_79B9, key.y &+ 0xBB67_AE85)
    }
    return counter
  }

  /// Returns the random words of sixteen counters (x, y, z, w) that share z and w.
  ///
  /// The result equals that of ``block(_:)`` for each counter.
  package func blocks(
    x: SIMD16<UInt32>, y: SIMD16<UInt32>, z: UInt32, w: UInt32
  ) -> Blocks {
    var words = Blocks(
      first: x, second: y, third: SIMD16(repeating: z), fourth: SIMD16(repeating: w))
    var key = key
    for _ in 0..<10 {
      words = Blocks(
        first: dl_upper_words(words.third, Philox.factors.y) ^ words.second
          ^ SIMD16(repeating: key.x),
        second: dl_lower_words(words.third, Philox.factors.y),
        third: dl_upper_words(words.first, Philox.factors.x) ^ words.fourth
          ^ SIMD16(repeating: key.y),
        fourth: dl_lower_words(words.first, Philox.factors.x))
      key = SIMD2(key.x &+ 0x9E37_79B9, key.y &+ 0xBB67_AE85)
    }
    return words
  }

  /// The words of sixteen blocks: lane i of each vector belongs to block i.
  package struct Blocks: Sendable {
    package let first: SIMD16<UInt32>
    package let second: SIMD16<UInt32>
    package let third: SIMD16<UInt32>
    package let fourth: SIMD16<UInt32>

    /// The four words of a block.
    package subscript(block: Int) -> SIMD4<UInt32> {
      SIMD4(first[block], second[block], third[block], fourth[block])
    }

    /// The words block by block: each vector has the words of four blocks.
    package var inOrder: (SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>) {
      // Words 0 and 2 of the blocks alternate, and so do words 1 and 3. Together all four follow.
      let (even, laterEven) = (dl_first_pairs(first, third), dl_last_pairs(first, third))
      let (odd, laterOdd) = (dl_first_pairs(second, fourth), dl_last_pairs(second, fourth))
      return (
        dl_first_pairs(even, odd), dl_last_pairs(even, odd),
        dl_first_pairs(laterEven, laterOdd), dl_last_pairs(laterEven, laterOdd)
      )
    }
  }
}
