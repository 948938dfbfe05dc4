import DataFiles
import Testing

@Suite struct DecimalPrecisionTests {
  private func parse(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return DecimalParser.parse(bytes.span, 0..<bytes.count)
  }

  /// Compares numbers of 1 to 25 digits, with a point anywhere, with the standard library.
  @Test func everyNumberOfDigitsIsNearest() throws {
    var state: UInt64 = 7
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    for _ in 0..<50_000 {
      let count = Int(random(25)) + 1
      var text = (0..<count).map { _ in String(random(10)) }.joined()
      let point = Int(random(UInt64(count) + 1))
      text.insert(".", at: text.index(text.startIndex, offsetBy: point))
      if random(2) == 0 { text += "e\(Int(random(120)) - 60)" }
      if random(2) == 0 { text = "-" + text }
      #expect(parse(text) == Double(text.hasSuffix(".") ? text + "0" : text), "\(text)")
    }
  }

  /// A number half-way between two doubles goes to the even one, and its neighbours do not.
  @Test(arguments: [
    ("9007199254740993", 9_007_199_254_740_992.0), ("9007199254740993.0001", 9_007_199_254_740_994),
    ("9007199254740992.9999", 9_007_199_254_740_992), ("9007199254740995", 9_007_199_254_740_996),
    ("18014398509481990", 18_014_398_509_481_992), ("1.00000000000000011102230246251565", 1),
    ("1.00000000000000011102230246251566", 1.0.nextUp), ("18446744073709551615", 0x1p64),
    ("4503599627370496.5", 4_503_599_627_370_496), ("4503599627370497.5", 4_503_599_627_370_498),
  ])
  func tiesGoToTheEvenNumber(text: String, value: Double) {
    #expect(parse(text) == value)
  }
}
