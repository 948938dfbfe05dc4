import ModelOracles
import Oracles
import Testing
import YAML

@Suite("Arithmetic in $(…)")
struct ArithmeticTests {
  @Test(
    "follows the usual order of operations",
    arguments: [
      ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 4 - 3", "3"), ("2 * 3 % 4", "2"),
      ("-3 + 5", "2"), ("--3", "3"), ("2 - -3", "5"), ("-2 ** 2", "-4"), ("(-2) ** 2", "4"),
      ("2 ** 3 ** 2", "512"), ("2 ** -1", "0.5"), ("2 ** 62", "4611686018427387904"),
      ("0x10 + 1", "17"), ("1e2 + .5", "100.5"), ("1.5E+2", "150"), (" 1 ", "1"),
      ("width * 2", "32"), ("width * rate", "8"), ("width+1", "17"),
      ("1 ** 9223372036854775807", "1"), ("2 ^ 3 ** 2", "512"), ("+3 - +1", "2"),
      ("0.1 + 0.2", "0.30000000000000004"), ("-9223372036854775807 - 1", "-9223372036854775808"),
    ])
  func values(text: String, value: String) throws {
    #expect(try substituted("$(\(text))") == value)
  }

  @Test(
    "divides exactly with /, to an integer with //, and keeps the rest with %",
    arguments: [
      ("6 / 3", "2"), ("7 / 2", "3.5"), ("1 / 3 * 3", "1"), ("7 // 2", "3"), ("-7 // 2", "-4"),
      ("7 // -2", "-4"), ("-7 // -2", "3"), ("7 % 2", "1"), ("-7 % 2", "1"), ("7 % -2", "-1"),
      ("-6 // 2", "-3"), ("7.5 // 2", "3"), ("-7.5 // 2", "-4"), ("-7.5 % 2", "0.5"),
      ("7.5 % -2", "-0.5"), ("(-9223372036854775807 - 1) % -1", "0"), ("0 / 5", "0"),
    ])
  func division(text: String, value: String) throws {
    #expect(try substituted("$(\(text))") == value)
  }

  @Test(
    "compares, joins and chooses",
    arguments: [
      ("1 < 2", "true"), ("2 <= 1", "false"), ("2 > 1", "true"), ("1 >= 2", "false"),
      ("1 == 1.0", "true"), ("1 != 1", "false"), ("kind == 'max'", "true"),
      ("kind != \"max\"", "false"), ("wide == true", "true"), ("not wide", "false"),
      ("not 1 == 2", "true"), ("wide and 1 > 2", "false"), ("wide or 1 > 2", "true"),
      ("true or false and false", "true"), ("1 if wide else 2", "1"),
      ("1 if not wide else 2", "2"), ("1 if false else 2 if false else 3", "3"),
      ("'a' if wide else 'b'", "'a'"), ("1 // 0 if false else 3", "3"),
      ("false and 1 // 0 == 1", "false"), ("true or 1 // 0 == 1", "true"),
      ("9223372036854775807 == 9223372036854775806", "false"),
    ])
  func conditions(text: String, value: String) throws {
    // The results have quotes if YAML would read them as another type.
    #expect(try substituted("$(\(text))") == value)
  }

  @Test(
    "has functions",
    arguments: [
      ("min(3, 1, 2)", "1"), ("max(3, 1.5)", "3"), ("max(width, 20)", "20"), ("min(4)", "4"),
      ("abs(-3)", "3"), ("abs(-0.5)", "0.5"), ("floor(2.7)", "2"), ("ceil(2.1)", "3"),
      ("floor(-2.5)", "-3"), ("ceil(3)", "3"), ("min (1, 2)", "1"), ("sqrt(width)", "4"),
      ("round(2.5)", "2"), ("sign(-7)", "-1"), ("relu(-3)", "0"), ("square(3)", "9"),
      ("pow(2, 62)", "4611686018427387904"), ("exp(0)", "1"), ("where(wide, 1, 1 // 0)", "1"),
    ])
  func functions(text: String, value: String) throws {
    #expect(try substituted("$(\(text))") == value)
  }

  @Test(
    "reports mistakes at their places",
    arguments: [
      ("$(widht * 2)", "3: unknown name 'widht' in '$(…)'; did you mean 'width'?"),
      ("$(1 + a + b)", "7: unknown name 'a' in '$(…)'\n11: unknown name 'b' in '$(…)'"),
      ("$()", "3: '$(…)': expected a number, a name or '(', received ')'"),
      ("$(1 +)", "6: '$(…)': expected a number, a name or '(', received ')'"),
      ("$(1 2)", "5: '$(…)': expected an operator or ')', received '2'"),
      ("$((1)", "1: '$(' without a closing ')'"),
      ("x$(1", "2: '$(' without a closing ')'"),
      ("$(1))x$(", "7: '$(' without a closing ')'"),
      ("$('a)", "3: '$(…)': a text without its closing quote"),
      ("$(12ab)", "5: '$(…)': expected an operator or ')', received 'ab'"),
      ("$(1e999)", "3: '1e999' is too large a number"),
      ("$(99999999999999999999)", "3: '99999999999999999999' is too large a number"),
      ("$(width = 2)", "9: '$(…)': unexpected '='; did you mean '=='?"),
      ("$(!wide)", "3: '$(…)': unexpected '!'; did you mean 'not'?"),
      ("$(wide && wide)", "8: '$(…)': unexpected '&&'; did you mean 'and'?"),
      ("$(wide ? 1)", "8: '$(…)': unexpected '?': a choice is 'a if condition else b'"),
      ("$(${width})", "3: '$(…)': unexpected '$': write the name without '$'"),
      ("$(2 × 3)", "5: '$(…)': unexpected '×'; did you mean '*'?"),
      ("$(1 < 2 < 3)", "9: '$(…)': comparisons cannot be chained: write 'a < b and b < c'"),
      ("$(1 if wide)", "12: '$(…)': expected 'else', received ')'"),
      ("$(mx(1))", "3: '$(…)': unknown function 'mx'; did you mean 'max'?"),
      ("$(abs(1, 2))", "3: '$(…)': 'abs': expected 1 argument, received 2"),
      ("$(min())", "3: '$(…)': 'min': expected 1 to 100 arguments, received 0"),
      ("$(abs(kind))", "3: 'abs': expected a number, received the text 'max'"),
      ("$(log(0))", "3: 'log': log(0) is infinite"),
      ("$(sqrt(0 - 1))", "3: 'sqrt': sqrt(-1) is not a number"),
      ("$(square(1 + 2 ** 40))", "3: '*': 1099511627777 * 1099511627777 is beyond 64 bits"),
      (
        "$(1 + sum(width))",
        "7: 'sum' needs a tensor: only the formula of a layer has it, '$(…)' computes single values"
      ),
      ("$(width // 0)", "9: '//': division of 16 by zero"),
      ("$(width / (width - 16))", "9: '/': division of 16 by zero"),
      ("$(1 % 0.0)", "5: '%': division of 1 by zero"),
      ("$(0 ** -1)", "5: '**': 0 ** -1 is too large"),
      (
        "$(9223372036854775807 + width)", "23: '+': 9223372036854775807 + 16 is beyond 64 bits"
      ),
      ("$(10 ** 30)", "6: '**': 10 ** 30 is beyond 64 bits"),
      ("$(1e300 * 1e300)", "9: '*': 1e+300 * 1e+300 is too large"),
      ("$((0 - 8) ** 0.5)", "11: '**': -8 ** 0.5 is not a number"),
      ("$(kind + 1)", "8: '+': expected two numbers, received the text 'max' and 1"),
      (
        "$(kind < 'min')",
        "8: '<': expected two numbers, received the text 'max' and the text 'min'"
      ),
      ("$(kind == 1)", "8: '==': expected two values of one kind, received the text 'max' and 1"),
      ("$(not 1)", "3: 'not': expected true or false, received 1"),
      ("$(1 if 2 else 3)", "5: 'if': expected true or false, received 2"),
      ("$(-kind)", "3: '-': expected a number, received the text 'max'"),
      ("$(nothing + 1)", "3: 'nothing' has no value"),
      (
        "$(huge + 1)", "3: 'huge' is '99999999999999999999', which is not a number to compute with"
      ),
    ])
  func mistakes(text: String, message: String) {
    #expect(arithmeticMistake(text) == message)
  }

  @Test("has at most 1000 bytes, nested at most 100 deep")
  func limits() {
    func sum(_ count: Int) -> String { "$(" + String(repeating: "1+", count: count) + "1)" }
    #expect(!arithmeticMistake(sum(499)).contains("bytes"))
    #expect(arithmeticMistake(sum(500)) == "1: '$(…)' has more than 1000 bytes")
    #expect(arithmeticMistake(sum(300_000)) == "1: '$(…)' has more than 1000 bytes")
    func nested(_ count: Int) -> String {
      "$(" + String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count + 1)
    }
    #expect(arithmeticMistake(nested(99)) == "")
    #expect(arithmeticMistake(nested(100)) == "103: '$(…)': nested more than 100 deep")
    for text in ["-", "not ", "2 ** "] {
      let message = arithmeticMistake("$(" + String(repeating: text, count: 100) + "1)")
      #expect(message.hasSuffix("'$(…)': nested more than 100 deep"), "\(text): \(message)")
    }
  }

  /// Each random text made of the parts of arithmetic has a value or a message.
  @Test("never stops the program", .tags(.slow), arguments: 0..<4)
  func random(seed: UInt64) {
    var generator = SplitMix(state: seed)
    let parts = [
      "1", "0", "2.5", "9223372036854775807", "-", "+", "*", "/", "//", "%", "**", "(", ")", ",",
      "min(", "max(1,", "abs(", "floor(", "width", "kind", "wide", "nothing", "x", "==", "<", "and",
      "or", "not", " if ", " else ", "'a'", "true", "$", "${width}", "$(", "$$(", "é", "?", " ",
      "1e308", "-1", "(0-9223372036854775807-1)",
    ]
    var (fine, refused) = (0, 0)
    for _ in 0..<1500 {
      let count = Int.random(in: 1...9, using: &generator)
      let text = (0..<count).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
      do {
        let value = try substituted("\"$(\(text))\"")
        fine += 1
        #expect(!value.contains("nan") && !value.contains("inf"), "\(text): \(value)")
      } catch let error as Diagnostics {
        refused += 1
        #expect(error.rendered.hasPrefix("model.yaml:"), "\(text): \(error.rendered)")
      } catch {
        Issue.record("\(text): \(error)")
      }
    }
    #expect(fine > 20 && refused > 500)
  }
}

/// A random generator that gives the same numbers in every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
