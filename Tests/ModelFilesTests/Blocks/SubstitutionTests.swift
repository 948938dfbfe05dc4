import DataSources
import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

@Suite("Texts with $(…)")
struct SubstitutionTests {
  @Test(
    "become the value with its type if they are a single use",
    arguments: [
      ("$(width)", "16"), ("\"$(width)\"", "16"), ("'$(width + 1)'", "17"), ("$(kind)", "'max'"),
      ("$(wide)", "true"), ("$(nothing)", "~"), ("$(quoted)", "'7'"), ("$(rate * 4)", "2"),
      ("$(huge)", "99999999999999999999"), ("$('7')", "'7'"), ("$(1 == 1)", "true"),
    ])
  func alone(text: String, value: String) throws {
    #expect(try substituted(text) == value)
  }

  @Test(
    "contain values as text, and a plain scalar is resolved again",
    arguments: [
      ("a$(width)b", "'a16b'"), ("$(width)$(width)", "1616"), ("'$(width)$(width)'", "'1616'"),
      ("${width}$(width)", "1616"), ("$(kind)-$(rate)", "'max-0.5'"),
      ("\"$(1 + 1) of ${width}\"", "'2 of 16'"),
    ])
  func mixed(text: String, value: String) throws {
    #expect(try substituted(text) == value)
  }

  @Test(
    "keep a use that a second dollar escapes, and any other dollar",
    arguments: [
      ("$$(width)", "'$(width)'"), ("$$(width) $(width)", "'$(width) 16'"), ("$$$(x)", "'$$(x)'"),
      ("$ (width)", "'$ (width)'"), ("a$", "'a$'"), ("$$(", "'$('"), ("$$${x}$$(", "'$${x}$('"),
    ])
  func dollars(text: String, value: String) throws {
    #expect(try substituted(text) == value)
  }

  @Test("do not replace uses inside a value")
  func noSecondRound() throws {
    #expect(try substituted("$(text)", variables: "  text: $$(width)") == "'$(width)'")
    #expect(
      try substituted("a$(text)${text}", variables: "  text: $$(width)") == "'a$(width)$(width)'")
  }

  @Test("are replaced everywhere: in data, solver and expectations")
  func everywhere() throws {
    let model = try model(
      """
      variables: {batch: 8, epochs: 3}
      data: {train: {source: spiral, batch_size: $(batch * 2), noise: $(1 / 4)}}
      network:
        - {name: ip, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: "$(min(0.1, batch / 100))", max_epochs: $(epochs), test_interval: $(epochs) epochs}
      expect: {loss: "< $(batch / 16)"}
      """)
    #expect(model.data.train.batchSize == 16)
    #expect(model.solver.encoded["base_lr"]?.valueText == "0.08")
    #expect(model.solver.encoded["max_epochs"]?.valueText == "3")
    #expect(model.solver.encoded["test_interval"]?.valueText == "'3 epochs'")
    #expect(model.expectations.first?.bound == 0.5)
  }

  @Test("are written so that a reader gets the same texts")
  func written() throws {
    let text = """
      variables: {a: '$$(b)', c: '$${b}$$('}
      data: {train: {source: spiral}}
      network: [{name: '$$(ip)', type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
      solver: {base_lr: 0.1, max_epochs: 1}
      """
    let resolved = try model(text).resolved()
    #expect(resolved["network"]?.items?.first?["name"]?.scalar?.text == "$$(ip)")
    let again = try model(resolved.yaml)
    #expect(again.network[0].name == "$(ip)")
    #expect(again.resolved().valueText == resolved.valueText)
    #expect(again.variables?["a"]?.scalar?.text == "$(b)")
  }

  @Test("have their places in the text, also in quotes, behind escapes and in folded lines")
  func places() {
    let rendered = mistakes(
      in: """
        data:
          train: {source: spiral, batch_size: "$(1 + x)"}
        network:
          - {name: ip, type: Linear, num_output: "\\x24(y)"}
          - name: >-
              folded
              $(1 + z)
            type: SoftmaxWithLoss
        solver: {base_lr: $(1 +, max_epochs: 1}
        """)
    #expect(
      rendered == """
        model.yaml:2:46: error: unknown name 'x' in '$(…)' (there are no variables or parameters \
        here)
            2 |   train: {source: spiral, batch_size: "$(1 + x)"}
              |                                              ^
        model.yaml:4:48: error: unknown name 'y' in '$(…)' (there are no variables or parameters \
        here)
            4 |   - {name: ip, type: Linear, num_output: "\\x24(y)"}
              |                                                ^
        model.yaml:7:13: error: unknown name 'z' in '$(…)' (there are no variables or parameters \
        here)
            7 |       $(1 + z)
              |             ^
        model.yaml:9:19: error: '$(' without a closing ')'; within braces and brackets a text with \
        ',' needs quotes
            9 | solver: {base_lr: $(1 +, max_epochs: 1}
              |                   ^
        """)
  }

  @Test("are refused in the name of a field, and before a variable's definition")
  func elsewhere() {
    let rendered = mistakes(
      in: """
        variables: {a: $(b), b: 1, c: $(index)}
        data: {train: {source: spiral, $(b): 1}}
        network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
        solver: {base_lr: 0.1, max_epochs: 1}
        """)
    #expect(
      rendered == """
        model.yaml:1:18: error: variable 'b' is used before its definition
            1 | variables: {a: $(b), b: 1, c: $(index)}
              |                  ^
        model.yaml:1:33: error: 'index' has no value here: it counts the copies of a layer or call \
        with 'repeat', in all its fields except 'name', 'top' and 'repeat'
            1 | variables: {a: $(b), b: 1, c: $(index)}
              |                                 ^
        model.yaml:2:32: error: '$(…)' is not allowed in the name of a field
            2 | data: {train: {source: spiral, $(b): 1}}
              |                                ^
        """)
  }
}
