import Tensors
import Testing

@Suite("Philox") struct PhiloxTests {
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let counter: SIMD4<UInt32>
    let key: SIMD2<UInt32>
    let words: SIMD4<UInt32>
  }

  /// The known answers of Random123, the authors' library, for philox4x32-10.
  @Test(
    "gives the authors' known answers",
    arguments: [
      Case(
        testDescription: "all zeros", counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0),
        words: SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)),
      Case(
        testDescription: "all ones", counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max),
        words: SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)),
      Case(
        testDescription: "digits of pi",
        counter: SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
        key: SIMD2(0xA409_3822, 0x299F_31D0),
        words: SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)),
    ])
  func knownAnswers(test: Case) {
    #expect(Philox(key: test.key).block(test.counter) == test.words)
  }

  @Test("gives the same words for sixteen blocks at once")
  func sixteenBlocks() {
    let philox = Philox(key: SIMD2(0xA409_3822, 0x299F_31D0))
    for start: UInt32 in [0, 1, 0xFFFF_FFFD, 0x8000_0000] {
      let x = SIMD16((0..<16).map { start &+ $0 })
      let y = SIMD16((0..<16).map { UInt32($0) &* start &+ ($0 == 1 ? 0xFFFF_FFFF : 7) })
      let blocks = philox.blocks(x: x, y: y, z: 0x1319_8A2E, w: 0xF370_7344)
      for number in 0..<16 {
        #expect(
          blocks[number]
            == philox.block(SIMD4(x[number], y[number], 0x1319_8A2E, 0xF370_7344)))
      }
    }
  }
}
