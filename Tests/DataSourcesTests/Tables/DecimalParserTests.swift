import DataFiles
import Testing

@Suite struct DecimalParserTests {
  private func parse(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return DecimalParser.parse(bytes.span, 0..<bytes.count)
  }

  @Test(arguments: [
    ("0", 0.0), ("-0", -0.0), ("7", 7), ("+7", 7), ("-12.5", -12.5), (".5", 0.5), ("5.", 5),
    ("1e3", 1000), ("1E+3", 1000), ("25e-1", 2.5), ("007", 7), ("0.1", 0.1), ("1e22", 1e22),
    ("1e23", 1e23), ("9007199254740993", 9_007_199_254_740_992), ("1e308", 1e308),
    ("5e-324", .leastNonzeroMagnitude), ("2e-324", 0), ("1e-400", 0),
    ("1e-99999999999999999999", 0),
    ("1e400", .infinity), ("-1e99999999999999999999", -.infinity),
    ("0e99999999999999999999", 0), ("0.30000000000000004", 0.30000000000000004),
    ("123456789012345678901234567890e-20", 1_234_567_890.123_456_8),
    ("2.2250738585072011e-308", Double.leastNormalMagnitude.nextDown),
  ])
  func numbersAreNearest(text: String, value: Double) throws {
    let parsed = try #require(parse(text))
    #expect(parsed == value)
    #expect(parsed.sign == value.sign)
  }

  @Test(arguments: [
    "", " ", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "1 ", " 1", "1,5", "1.2.3",
    "--1", "+-1", "1e5.0", "0x10", "nan", "NaN", "inf", "-inf", "Infinity", "1_000", "1f", "１",
    "1\0", "true", "1e5 ",
  ])
  func otherTextIsNoNumber(text: String) {
    #expect(parse(text) == nil)
  }

  @Test func longNumbersAreExact() {
    #expect(parse("0." + String(repeating: "0", count: 100_000) + "1e100001") == 1)
    #expect(parse("1" + String(repeating: "0", count: 100_000) + "e-100000") == 1)
    #expect(parse("0." + String(repeating: "3", count: 100_000)) == 1.0 / 3)
  }

  @Test func partOfTheBytesIsRead() {
    let bytes = Array("12,34".utf8)
    #expect(DecimalParser.parse(bytes.span, 0..<2) == 12)
    #expect(DecimalParser.parse(bytes.span, 3..<5) == 34)
    #expect(DecimalParser.parse(bytes.span, 2..<2) == nil)
  }

  /// The shortest text of a double is read as that double, for various digits and exponents.
  @Test func textOfANumberReadsAsIt() {
    var generator = SplitMix(state: 1)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(parse("\(value)") == value)
      let small = Double(generator.next() % 1_000_000_000) / 1000
      #expect(parse("\(small)") == small)
    }
  }
}

/// Reproducible random numbers for tests.
///
/// Reference: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
/// 2014.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
