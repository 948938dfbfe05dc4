import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

/// Tests the meaning of names in formulas of model files, and the messages about wrong names.
@Suite("Formulas in model files") struct ExpressionNamesTests {
  private func file(_ layer: String) -> String {
    network([
      "name: ip1, type: Linear, num_output: 3",
      "name: a/ip-2, type: Linear, bottom: data, num_output: 3",
      "name: a/gate, type: Linear, bottom: data, num_output: 3", layer,
    ])
  }

  /// Returns the messages about a formula in double quotes, with the single bottom `ip1`.
  private func mistake(_ formula: String) -> [Substring] {
    ModelOracles.mistakes(
      in: network(["name: y, type: Expression, bottom: [ip1], formula: \"\(formula)\""])
    )
    .split(separator: "\n")
  }

  @Test(
    "refer to bottoms by name, by the last part of a name, or by place",
    arguments: [
      "formula: ip1 * 2, bottom: [ip1]", "formula: x1 * 2, bottom: [ip1]",
      "formula: x * 2, bottom: [ip1]", "formula: x", "formula: x1 + N + pi + e",
      "formula: 'x1 + ip1 + x2', bottom: [ip1, a/ip-2]",
      "formula: ip1 * gate, bottom: [ip1, a/gate]",
      "formula: alpha * e * x, constants: {alpha: 0.5, e: 2}",
      "formula: 'sum(sum)', bottom: [sum]",
    ])
  func names(fields: String) {
    #expect(ModelOracles.mistakes(in: file("name: y, type: Expression, \(fields)")) == "")
  }

  @Test("are written as they are read, with the same names")
  func encoded() throws {
    let layer = try model(
      file("name: y, type: Expression, bottom: ip1, formula: 'ip1*2', constants: {k: 1}")
    ).network[3]
    #expect(
      layer.encoded.valueText
        == "{name: 'y', type: 'Expression', bottom: ['ip1'], formula: 'ip1*2', "
        + "constants: {k: 1}}")
  }

  @Test(
    "are refused at their column",
    arguments: [
      ("x +", 61, "expected a number, a name or '(', received the end"),
      ("x + * 2", 62, "expected a number, a name or '(', received '*'"),
      ("x 2", 60, "expected an operator, received '2'"),
      ("2x", 59, "expected an operator, received 'x'"),
      ("(x + 2", 64, "expected ')', received the end"),
      ("x)", 59, "expected an operator, received ')'"),
      ("max(x 2)", 64, "expected ',' or ')', received '2'"),
      ("sine(x)", 58, "unknown function 'sine'; did you mean 'sin'?"),
      ("1 + foo(x)", 62, "unknown function 'foo'"),
      ("sin(x, 2)", 58, "'sin': expected 1 argument, received 2"),
      ("x + max(x)", 62, "'max': expected 2 to 100 arguments, received 1"),
      ("where(x, 1)", 58, "'where': expected 3 arguments, received 2"),
      ("x · 2", 60, "unexpected '·'; did you mean '*'?"),
      ("x && 1", 60, "unexpected '&&'; did you mean 'and'?"),
      ("x = 1", 60, "unexpected '='; did you mean '=='?"), ("x @ 1", 60, "unexpected '@'"),
      ("x + 1e99", 62, "expected a number below 3.4e38, received '1e99'"),
      ("0 < x < 1", 64, "comparisons cannot be chained: write 'a < b and b < c'"),
      (
        "sum(x, 0)", 65,
        "axis 0 counts the examples, which are independent: expected another axis"
      ),
      ("sum(x, y)", 65, "expected the number of an axis or 'keepdims', received 'y'"),
      ("sum(x, 1, 2)", 68, "expected 'keepdims', received '2'"),
      ("x + sin", 62, "'sin' is a function: expected '(' after it"),
      (
        "x + ip2", 62, "unknown name 'ip2' (known names: ip1, x1, x, N, pi, e); did you mean 'ip1'?"
      ),
      ("1 + 2", 58, "the bottom 'ip1' does not occur in it"),
      ("", 58, "expected an expression such as 'sin(x1) + x1 * x2', received nothing"),
    ])
  func mistakes(formula: String, column: Int, message: String) {
    let lines = mistake(formula)
    #expect(lines.first == "model.yaml:4:\(column): error: formula: \(message)")
    // The caret is below the character.
    #expect(lines.count == 3)
    #expect(lines.last?.hasSuffix("^") == true)
  }

  @Test("are refused with a full message and a caret below the place")
  func rendered() {
    #expect(
      ModelOracles.mistakes(in: network(["name: y, type: Expression, formula: 'sin(x) + cosh(x)'"]))
        == """
        model.yaml:4:52: error: formula: unknown function 'cosh'; did you mean 'cos'?
            4 |   - {name: y, type: Expression, formula: 'sin(x) + cosh(x)'}
              |                                                    ^
        """)
  }

  @Test("may have constants, whose mistakes have places too")
  func constants() {
    #expect(
      headlines(
        in: file(
          "name: y, type: Expression, bottom: ip1, formula: x, "
            + "constants: {ip1: 1, 2b: 1, c: 1e99, and: 1, d: x}")) == [
          "model.yaml:7:78: error: constants: expected a name of letters, digits and _, received '2b'",
          "model.yaml:7:88: error: constants: expected a number below 3.4e38, received '1e99'",
          "model.yaml:7:94: error: constants: expected a name of letters, digits and _, received 'and'",
          "model.yaml:7:105: error: constants: expected a number below 3.4e38, received 'x'",
        ])
    #expect(
      headlines(
        in: file(
          "name: y, type: Expression, bottom: ip1, formula: x, constants: {ip1: 1}")) == [
          "model.yaml:7:70: error: constants: 'ip1' is the name of a bottom"
        ])
  }

  @Test("may name a default bottom, which may differ between the phases")
  func defaultBottom() {
    #expect(ModelOracles.mistakes(in: file("name: y, type: Expression, formula: gate * 2")) == "")
    let phases = network([
      "name: a, type: Linear, num_output: 3, phase: train",
      "name: b, type: Linear, num_output: 3, bottom: data, phase: test",
      "name: y, type: Expression, formula: a * 2, phase: train",
      "name: z, type: Expression, bottom: b, formula: b * 2, phase: test",
      "name: w, type: Expression, formula: x * 2", "name: v, type: Expression, formula: y * 2",
    ])
    #expect(
      headlines(in: phases) == [
        "model.yaml:9:42: error: formula: unknown name 'y' (known names: w, x1, x, N, pi, e)"
      ])
  }

  @Test("get a caret where axes and shapes do not fit, also after inserted variables")
  func insideTheFormula() throws {
    let text = """
      variables: {k: 20, axis: 3, c: 2}

      """
      + network([
        "name: a, type: Linear, num_output: 3",
        "name: b, type: Linear, bottom: data, num_output: 4",
        "name: y, type: Expression, bottom: [a, b], formula: 1 + (a + b) * 2, loss_weight: 1",
        "name: z, type: Expression, bottom: a, formula: '$(k) * sum(a, ${axis})', loss_weight: 1",
        "name: v, type: Expression, bottom: a, formula: '$(k)*a + $(c + 1) + mean(a, 2)', top: w",
      ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:7:62: error: layer 'y' (Expression): in '(a + b)' the examples are 3 and 4: \
        expected equal axes, or 1, from the last on; received data 20x2 → a 20x3 and data 20x2 → b \
        20x4
            7 | … - {name: y, type: Expression, bottom: [a, b], formula: 1 + (a + b) * 2, \
        loss_weight: 1}
              |                                                              ^
        model.yaml:8:61: error: layer 'z' (Expression): in 'sum(a, 3)' there is no axis 3: an \
        example is 3; received data 20x2 → a 20x3
            8 |   - {name: z, type: Expression, bottom: a, formula: '$(k) * sum(a, ${axis})', \
        loss_weight: 1}
              |                                                             ^
        model.yaml:1:16: note: 'k' has its value here
            1 | variables: {k: 20, axis: 3, c: 2}
              |                ^
        model.yaml:1:26: note: 'axis' has its value here
            1 | variables: {k: 20, axis: 3, c: 2}
              |                          ^
        model.yaml:9:74: error: layer 'v' (Expression): in 'mean(a, 2)' there is no axis 2: an \
        example is 3; received data 20x2 → a 20x3
            9 | … type: Expression, bottom: a, formula: '$(k)*a + $(c + 1) + mean(a, 2)', top: w}
              |                                                              ^
        model.yaml:1:16: note: 'k' has its value here
            1 | variables: {k: 20, axis: 3, c: 2}
              |                ^
        model.yaml:1:32: note: 'c' has its value here
            1 | variables: {k: 20, axis: 3, c: 2}
              |                                ^
        """)
    #expect(
      headlines(
        in: network(["name: y, type: Expression, formula: $(2 * 3) + cosh(x)"])) == [
          "model.yaml:4:53: error: formula: unknown function 'cosh'; did you mean 'cos'?"
        ])
  }

  @Test("whose shapes do not fit are refused with the bottoms")
  func shapes() throws {
    let text = network([
      "name: a, type: Linear, num_output: 3", "name: b, type: Linear, bottom: data, num_output: 4",
      "name: y, type: Expression, bottom: [a, b], formula: a + b, loss_weight: 1",
    ])
    #expect(
      try graphMistakes(text).split(separator: "\n").first
        == "model.yaml:6:58: error: layer 'y' (Expression): in 'a + b' the examples are 3 and 4: "
        + "expected equal axes, or 1, from the last on; received data 20x2 → a 20x3 and data 20x2 → b 20x4"
    )
  }
}
