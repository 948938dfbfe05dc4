import Expressions
import Oracles
import Testing
import YAML

/// The result of a formula in `$(…)`, and its result in a layer.
private struct Values: Equatable {
  let numbers: String
  let tensors: String

  /// - Parameter bottoms: the names of the layer's bottoms. Each is a single value of an example.
  init(_ text: String, bottoms: [String] = []) {
    numbers = Values.number(text)
    tensors = Values.tensor(text, bottoms)
  }

  private static func number(_ text: String) -> String {
    do throws(FormulaMistake) {
      let (formula, _) = try Formula.embedded(in: Array("$(\(text))".utf8), at: 0)
      try formula.checkNumbers()
      return try formula.value { (name, place) throws(FormulaMistake) in
        throw FormulaMistake("unknown name '\(name)'", at: place)
      }.scalar.text
    } catch {
      // Without the '$(' before it.
      return "\(error.offset - 2): \(error.message)"
    }
  }

  private static func tensor(_ text: String, _ bottoms: [String]) -> String {
    do throws(FormulaMistake) {
      let formula = try Formula(text)
      try formula.checkTensors()
      let (terms, result) = try FormulaTerms.of(
        formula, FormulaNames(bottoms: bottoms, constants: [("k", 4)]),
        examples: bottoms.map { _ in [] }, exampleCount: 2, statedCount: 2)
      return terms.value(of: result).map { "\($0)" } ?? "a term"
    } catch {
      return "\(error.offset): \(error.message)"
    }
  }
}

@Suite("Formulas") struct FormulaTests {
  @Test(
    "have one value, in $(…) and in a layer",
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("16 / 4 / 2", 2),
      ("2 * 3 % 4", 2), ("7 // 2 * 2", 6), ("-7 // 2", -4), ("-7 % 2", 1), ("7 % -2", -1),
      ("7.5 % -2", -0.5), ("-7.5 // 2", -4), ("7 / 2", 3.5), ("2 ^ 3 ** 2", 512), ("-2 ^ 2", -4),
      ("-2 ** 2", -4), ("2 ** -1", 0.5), ("2 ^ -1 ^ 2", 0.5), ("--3", 3), ("+3 - +1", 2),
      ("2 - -3", 5), (".5 + 1. + 1e1 + 2E-1", 11.7), ("0x10 + 0o17", 31),
      ("max(1, 3, 2) + min(4, 2)", 5), ("pow(2, 5)", 32), ("abs(-2) + sign(-3)", 1),
      ("floor(1.5) + ceil(1.5) + round(2.5)", 5), ("square(3) + relu(-1)", 9),
      ("exp(0) + log(1) + sqrt(4) + expm1(0) + log1p(0)", 3),
      ("sin(0) + cos(0) + tan(0) + atan(0) + tanh(0) + erf(0)", 1), ("sigmoid(0)", 0.5),
      ("1 if 1 < 2 else 3", 1), ("1 if 2 < 1 else 2 if 2 < 1 else 3", 3), ("1if true else 2", 1),
      ("where(2 > 1, 4, 5)", 4), ("2 * (3 if false else 4) + 1", 9),
      ("max(1 if false else 2, 0)", 2),
    ] as [(String, Double)])
  func values(text: String, value: Double) throws {
    let values = Values(text)
    #expect(Double(values.numbers) == value)
    #expect(Double(values.tensors) == value)
  }

  @Test(
    "have one truth",
    arguments: [
      ("1 < 2", true), ("2 <= 1", false), ("3 > 2", true), ("2 >= 3", false), ("2 == 3", false),
      ("2 != 3", true), ("1 + 1 == 2 and 3 > 1", true), ("not 1 == 2", true),
      ("not true or true", true), ("not not true", true), ("true or false and false", true),
      ("1 == 1or false", true), ("true == not 1 == 2", true), ("false == not 1 < 2 and true", true),
    ])
  func conditions(text: String, value: Bool) {
    let values = Values(text)
    #expect(values.numbers == "\(value)")
    #expect(values.tensors == (value ? "1.0" : "0.0"))
  }

  @Test(
    "differ where one place has no such value",
    arguments: [
      // A condition is a truth value in `$(…)`, and a number in a layer.
      ("1 and 2", "2: 'and': expected true or false, received 1", "1.0"),
      ("not 5", "0: 'not': expected true or false, received 5", "0.0"),
      ("true + 1", "5: '+': expected two numbers, received true and 1", "2.0"),
      ("1 if 3 else 2", "2: 'if': expected true or false, received 3", "1.0"),
      (
        "'a' == 'a'", "true",
        "0: expected a number, a name or '(', received the text 'a': a layer computes numbers only"
      ),
      (
        "1 + sum(2)",
        "4: 'sum' needs a tensor: only the formula of a layer has it, '$(…)' computes single values",
        "3.0"
      ),
      ("max(3)", "3", "0: 'max': expected 2 to 100 arguments, received 1"),
      ("1e99", "1e+99", "0: expected a number below 3.4e38, received '1e99'"),
      (
        "99999999999999999999", "0: '99999999999999999999' is too large a number",
        "1e+20"
      ),
      ("1 // 0", "2: '//': division of 1 by zero", "inf"),
      ("N", "0: unknown name 'N'", "2.0"), ("k", "0: unknown name 'k'", "4.0"),
    ])
  func places(text: String, numbers: String, tensors: String) {
    let values = Values(text)
    #expect(values.numbers == numbers)
    #expect(values.tensors == tensors)
  }

  /// Words of choices and functions as names, which a layer's formula has always allowed.
  @Test(
    "take words for names where no operator can stand",
    arguments: ["if", "else", "true", "false", "sum", "where", "keepdims", "x", "größe"])
  func words(name: String) {
    #expect(Values("2 * \(name) + \(name)", bottoms: [name]).tensors == "a term")
    #expect(Values("1 if \(name) else 2", bottoms: [name]).tensors == "a term")
    #expect(Formula.isName(name))
    for name in ["and", "or", "not", "2x", "", "a-b"] { #expect(!Formula.isName(name)) }
  }

  @Test(
    "are refused at their byte, in both places alike",
    arguments: [
      ("1 +* 2", "3: expected a number, a name or '(', received '*'"),
      ("1 = 2", "2: unexpected '='"),
      ("1 ? 2", "2: unexpected '?': a choice is 'a if condition else b'"),
      ("é + (2 · 3)", "8: unexpected '·'"),
      ("0 < 1 < 2", "6: comparisons cannot be chained: write 'a < b and b < c'"),
      ("mox(1, 2)", "0: unknown function 'mox'"),
      ("max(1 2)", "6: expected ',' or ')', received '2'"),
      ("sin()", "0: 'sin': expected 1 argument, received 0"),
      ("1 if 2", "*expected 'else', received"),
      ("2 + 'a", "4: a text without its closing quote"), ("@", "0: unexpected '@'"),
      ("12ab", "*received 'ab'"),
    ])
  func mistakes(text: String, message: String) {
    let values = Values(text)
    for found in [values.numbers.replacing("'$(…)': ", with: ""), values.tensors] {
      if message.hasPrefix("*") {
        #expect(found.contains(message.dropFirst()))
      } else {
        #expect(found == message)
      }
    }
  }

  @Test("end at the closing parenthesis, and do not read the text after it")
  func embedded() throws {
    let bytes = Array("a$(max(1, (2)) * 'b)' == c) ' @".utf8)
    #expect(try Formula.embedded(in: bytes, at: 1).end == 27)
    let lone = try Formula.embedded(in: Array("$((width))".utf8), at: 0).formula
    #expect(lone.loneName == "width")
    let names = try Formula.embedded(in: Array("$(a + true - b)".utf8), at: 0).formula.names
    #expect(names.map(\.name) == ["a", "b"] && names.map(\.place) == [2, 13])
  }

  @Test("have limits of length and depth")
  func limits() {
    func nested(_ text: String, _ count: Int) -> String {
      String(repeating: text, count: count) + "1"
        + (text == "(" ? String(repeating: ")", count: count) : "")
    }
    for text in ["(", "-", "not ", "2 ^ ", "1 if 1 else "] {
      #expect(!Values(nested(text, 99)).tensors.contains("nested"))
      #expect(Values(nested(text, 100)).tensors.hasSuffix(": nested more than 100 deep"))
    }
    // The evaluators do not recurse, so neither a long sum nor a long chain is deep.
    let sum = String(repeating: "1+", count: 499) + "1"
    #expect(Values(sum).numbers == "500")
    #expect(Values(sum + "+1").numbers == "-2: '$(…)' has more than 1000 bytes")
    #expect(Values(String(repeating: "1+", count: 4999) + "10").tensors == "5009.0")
    #expect(
      Values(String(repeating: " ", count: 10_001)).tensors
        == "0: expected a formula of at most 10000 bytes, received 10001")
  }

  /// Evaluates random formulas. Those that both places accept have the same value.
  @Test("agree for random formulas", arguments: 0..<4)
  func agreement(seed: Int) {
    var numbers = SeededNumbers(seed: 8000 + seed)
    let parts = [
      "1", "2", "0.5", "3", "-", "+", "*", "/", "//", "%", "**", "^", "(", ")", ",", "min(",
      "max(1,",
      "abs(", "floor(", "where(", "<", "==", ">=", " and ", " or ", " not ", " if ", " else ",
      "true",
      "'a'", "sum(", "x", "é", "$",
    ]
    var compared = 0
    for _ in 0..<4000 {
      let count = Int.random(in: 1...9, using: &numbers)
      let text = (0..<count).map { _ in parts.randomElement(using: &numbers) ?? "" }.joined()
      let values = Values(text)
      let truth = ["true": 1.0, "false": 0.0][values.numbers]
      guard let number = truth ?? Double(values.numbers), let tensor = Double(values.tensors) else {
        continue
      }
      compared += 1
      #expect(abs(number - tensor) <= 1e-12 * abs(number), "\(text)")
    }
    #expect(compared > 50)
  }
}
