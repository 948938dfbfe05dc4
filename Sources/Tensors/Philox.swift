/// The counter-based random generator Philox4x32-10: ten rounds that mix a 128-bit counter with a 64-bit key.
///
/// A pure function: the same key and counter give the same four words, on every machine, in any order.
///
/// Reference: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
package struct Philox: Sendable {
  package let key: SIMD2<UInt32>

  package init(key: SIMD2<UInt32>) { self.key = key }

  /// The four random words of `counter`.
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
}
