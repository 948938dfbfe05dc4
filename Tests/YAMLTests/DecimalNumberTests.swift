import Testing
import YAML

@Suite("Decimal numbers")
struct DecimalNumberTests {
  @Test(
    "are written plainly and scientifically",
    arguments: [
      (0, 5, "0", "0"), (25, -2, "0.25", "2.5e-1"), (-25, -2, "-0.25", "-2.5e-1"),
      (5, -3, "0.005", "5e-3"), (120, -2, "1.20", "1.2e0"), (1, 3, "1,000", "1e3"),
      (-1_234_567, -1, "-123,456.7", "-1.234567e5"), (10, 0, "10", "1e1"),
    ])
  func texts(significand: Int, exponent: Int, plain: String, scientific: String) {
    let number = DecimalNumber(significand: significand, exponent: exponent)
    #expect(number.plain == plain)
    #expect(number.scientific == scientific)
  }

  @Test(
    "round to the nearest number of a given number of digits",
    arguments: [
      (0.123456, "0.1235"), (0.97, "0.97"), (2.0, "2"), (9.99996, "10"), (-0.000125, "-0.000125"),
      (1_234_567.0, "1,235,000"), (0.00001, "1e-5"), (123_456_789.0, "1.235e8"), (0, "0"),
      (1e300, "1e300"), (.greatestFiniteMagnitude, "1.798e308"),
      (.leastNonzeroMagnitude, "4.941e-324"), (-.leastNormalMagnitude, "-2.225e-308"),
      (.infinity, "0"),
      (.nan, "0"),
    ])
  func rounding(value: Double, text: String) {
    #expect(DecimalNumber(rounding: value, digits: 4).text == text)
  }

  @Test("have the value of their decimal digits")
  func values() {
    #expect(DecimalNumber(significand: 3, exponent: -1).value == 0.3)
    #expect(DecimalNumber(significand: -7, exponent: 2).value == -700)
    #expect(DecimalNumber(significand: 1, exponent: -300).value == 1e-300)
  }

  @Test(
    "group the digits of integers",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (-123, "-123"), (-1_234_567, "-1,234,567"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func groups(number: Int, text: String) {
    #expect(number.grouped == text)
  }
}
