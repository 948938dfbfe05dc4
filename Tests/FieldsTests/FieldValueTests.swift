import Fields
import Oracles
import Testing
import YAML

@Suite struct FieldValueTests {
  private func decoded<Value: FieldValue>(_ type: Value.Type, _ text: String) throws -> Value? {
    var diagnostics = Diagnostics()
    guard
      case .value(let value) = Value.decode(
        try parsed("- \(text)").items?.first ?? .plain(""),
        &diagnostics)
    else { return nil }
    return value
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "-0.0"), (1, "1"), (-3, "-3"), (0.1, "0.1"), (1e-5, "1e-05"),
    (9_007_199_254_740_991, "9007199254740991"), (9_007_199_254_740_992, "9007199254740992.0"),
    (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"), (.infinity, ".inf"),
    (-.infinity, "-.inf"),
    (.nan, ".nan"),
  ]) func numbersAreWrittenAsTheyRead(_ value: Double, _ text: String) throws {
    #expect(value.encoded.scalar?.text == text)
    guard value.isFinite else { return }
    #expect(try decoded(Double.self, text)?.bitPattern == value.bitPattern)
  }

  @Test func integersOfAnySizeAreNumbers() throws {
    #expect(try decoded(Double.self, "9223372036854775808") == 9_223_372_036_854_775_808)
    #expect(try decoded(Double.self, "0x10000000000000000") == 18_446_744_073_709_551_616)
    #expect(try decoded(Double.self, "-99999999999999999999") == -1e20)
    #expect(try decoded(Int.self, "9223372036854775808") == nil)
  }

  @Test func nullIsNoText() throws {
    #expect(try decoded(String.self, "~") == nil)
    #expect(try decoded(String.self, "''")?.isEmpty == true)
    #expect(try decoded(String.self, "0x1F") == "0x1F")
  }

  @Test func oneValueIsAListOfOne() throws {
    #expect(try decoded([Int].self, "3") == [3])
    #expect(try decoded([Int].self, "[]") == [])
    #expect(try decoded([[Int]].self, "[[1, 2], 3]") == [[1, 2], [3]])
    #expect(try decoded([Int].self, "[1, x]") == nil)
  }

  @Test func encodings() {
    #expect([1, 2].encoded.outline == "[1, 2]")
    #expect("1".encoded.outline == #""1""#)
    #expect("a".encoded.outline == #""a""#)
    #expect(true.encoded.outline == "true")
    #expect(Int?.none.encoded.outline == "null")
    #expect(Int?.some(1).encoded.outline == "1")
  }
}
