import Testing
import YAML

@Suite struct ScalarTests {
  @Test(arguments: ["", "~", "null", "Null", "NULL"]) func isNull(_ text: String) {
    #expect(Scalar(text: text, style: .plain).resolved == .null)
  }

  @Test(arguments: [
    ("true", true), ("True", true), ("TRUE", true), ("false", false), ("False", false),
    ("FALSE", false),
  ]) func isBoolean(_ text: String, _ value: Bool) {
    #expect(Scalar(text: text, style: .plain).resolved == .boolean(value))
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("+7", 7), ("-19", -19), ("007", 7), ("0x1F", 31), ("0xff", 255),
    ("0o17", 15), ("9223372036854775807", .max), ("-9223372036854775808", .min),
    ("0x7FFFFFFFFFFFFFFF", .max), ("0o777777777777777777777", .max),
  ]) func isInteger(_ text: String, _ value: Int) {
    #expect(Scalar(text: text, style: .plain).resolved == .integer(value))
  }

  @Test(arguments: [
    "9223372036854775808", "-9223372036854775809", "+99999999999999999999", "0x8000000000000000",
    "0o1000000000000000000000",
  ]) func isHugeInteger(_ text: String) {
    let scalar = Scalar(text: text, style: .plain)
    #expect(scalar.resolved == .hugeInteger)
    #expect(scalar.text == text)
  }

  private static let numbers: [(String, Double)] = [
    ("1e-3", 0.001), ("1E3", 1000), ("1e+3", 1000), ("0.5", 0.5), (".5", 0.5), ("-.5", -0.5),
    ("+.5e1", 5), ("1.", 1), ("1.e2", 100), ("-0.0", -0.0), ("00.5", 0.5), ("1e999", .infinity),
    ("-1e999", -.infinity), ("1e-999", 0), (".inf", .infinity), ("+.Inf", .infinity),
    (".INF", .infinity), ("-.inf", -.infinity), ("-.Inf", -.infinity), ("-.INF", -.infinity),
    ("3.141592653589793", .pi),
  ]

  @Test(arguments: numbers) func isNumber(_ text: String, _ value: Double) {
    #expect(Scalar(text: text, style: .plain).resolved == .number(value))
  }

  @Test(arguments: [".nan", ".NaN", ".NAN"]) func isNotANumber(_ text: String) throws {
    let scalar = Scalar(text: text, style: .plain)
    guard case .number(let value) = scalar.resolved else {
      Issue.record("\(scalar.resolved)")
      return
    }
    #expect(value.isNaN)
    #expect(scalar == Scalar(text: text, style: .plain))
  }

  @Test(arguments: [
    "yes", "no", "on", "off", "Yes", "NO", "y", "n", "nUll", "tRue", "nan", "inf", "+.nan", ".iNf",
    "-", "+", ".", "-.", "..", "e5", ".e5", "1e", "1e+", "1e5.5", "0x", "0xG", "0X1F", "0o", "0o8",
    "-0x1", "+0o7", "0b1", "1_000", "12:30", "1,5", "1 2", " 1", "--1", "1-", "infinity", "0x1p3",
    "１", "é", "<<", "=", "1.5.2",
  ]) func isText(_ text: String) {
    #expect(Scalar(text: text, style: .plain).resolved == .text(text))
  }

  @Test(arguments: ["", "~", "1", "true", ".nan", "1e3"]) func quotedIsText(_ text: String) {
    #expect(Scalar(text: text, style: .quoted).resolved == .text(text))
  }

  @Test func equalityIsOfTextAndStyle() {
    #expect(Scalar(text: "1", style: .plain) == Scalar(text: "1", style: .plain))
    #expect(Scalar(text: "1", style: .plain) != Scalar(text: "1", style: .quoted))
    #expect(Scalar(text: "1", style: .plain) != Scalar(text: "01", style: .plain))
  }
}
