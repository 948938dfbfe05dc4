import DataSources
import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

@Suite("Variables")
struct VariablesTests {
  /// A model with a table. Variables define its width and file.
  private func text(
    variables: String, file: String = "data.csv", width: String = "3", name: String = "ip"
  ) -> String {
    """
    variables: \(variables)
    data: {train: {source: csv, file: \(file), target: label}}
    network:
      - {name: \(name), type: Linear, num_output: \(width)}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.1, max_epochs: 1}
    """
  }

  private func file(_ model: ModelFile) -> String? { (model.data.train.source as? CSV)?.file }

  private func width(_ model: ModelFile) -> String? {
    model.network[0].encoded["num_output"]?.scalar?.text
  }

  @Test("are used in texts, alone or with other text, and may use earlier variables")
  func texts() throws {
    let model = try model(
      text(
        variables: "{root: /data, set: iris, folder: '${root}/${set}'}",
        file: "'${folder}/${set}.csv'", name: "'${set}'"))
    #expect(file(model) == "/data/iris/iris.csv")
    #expect(model.network[0].name == "iris")
  }

  @Test(
    "have the type of their value",
    arguments: [
      ("{w: 7}", "'${w}'"), ("{w: 7}", "\"${w}\""), ("{w: 0x7}", "'${w}'"),
      ("{x: 7, w: '${x}'}", "'${w}'"),
    ])
  func types(variables: String, width: String) throws {
    #expect(try self.width(model(text(variables: variables, width: width))) == "7")
  }

  @Test("are resolved again in a plain text of several variables")
  func plainTexts() throws {
    let base = """
      variables: {a: 1, b: 2}
      data: {train: {source: spiral}}
      network:
        - name: ip
          type: Linear
          num_output: ${a}${b}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_epochs: 1}
      """
    #expect(try width(model(base)) == "12")
    let quoted = base.replacing("${a}${b}", with: "'${a}${b}'")
    let rendered = mistakes(in: quoted)
    #expect(
      rendered == """
        model.yaml:6:17: error: num_output: expected an integer from 1 to 2147483647, received \
        the text '12' (in quotes)
            6 |     num_output: '${a}${b}'
              |                 ^
        model.yaml:1:16: note: 'a' has its value here
            1 | variables: {a: 1, b: 2}
              |                ^
        model.yaml:1:22: note: 'b' has its value here
            1 | variables: {a: 1, b: 2}
              |                      ^
        """)
  }

  @Test("are escaped only by doubling the dollar")
  func dollars() throws {
    #expect(
      try file(model(text(variables: "{}", file: "'$${x} $x $ $$ {x} $'"))) == "${x} $x $ $$ {x} $")
    #expect(try file(model(text(variables: "{x: 1}", file: "'$$${x}'"))) == "$${x}")
  }

  @Test("are not taken from the environment, and must be defined by name")
  func undefined() {
    let rendered = mistakes(
      in: text(
        variables: "{width: 3}", file: "'${HOME}/${PATH}'", width: "'${widht}'", name: "'${}'"))
    #expect(
      rendered == """
        model.yaml:2:35: error: undefined variable 'HOME'
            2 | data: {train: {source: csv, file: '${HOME}/${PATH}', target: label}}
              |                                   ^
        model.yaml:2:35: error: undefined variable 'PATH'
            2 | data: {train: {source: csv, file: '${HOME}/${PATH}', target: label}}
              |                                   ^
        model.yaml:4:12: error: undefined variable ''
            4 |   - {name: '${}', type: Linear, num_output: '${widht}'}
              |            ^
        model.yaml:4:45: error: undefined variable 'widht'; did you mean 'width'?
            4 |   - {name: '${}', type: Linear, num_output: '${widht}'}
              |                                             ^
        """)
    let none = headlines(
      in: text(variables: "", file: "'${folder}'"))
    #expect(
      none == ["model.yaml:2:35: error: undefined variable 'folder' (the file has no variables)"])
  }

  @Test("may not use later variables, or themselves")
  func order() {
    let rendered = mistakes(in: text(variables: "{a: '${b}', b: '${b}', c: '${a}'}"))
    #expect(
      rendered == """
        model.yaml:1:16: error: variable 'b' is used before its definition
            1 | variables: {a: '${b}', b: '${b}', c: '${a}'}
              |                ^
        model.yaml:1:27: error: variable 'b' is used before its definition
            1 | variables: {a: '${b}', b: '${b}', c: '${a}'}
              |                           ^
        """)
  }

  @Test("have names of letters, digits and _, and single values")
  func definitions() {
    let rendered = mistakes(
      in: """
        variables:
          good_1: 1
          a-b: 1
          list: [1]
          map: {a: 1}
          ä: 1
          '': 1
        data: {train: {source: spiral}}
        network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
        solver: {base_lr: 0.1, max_epochs: 1}
        """)
    #expect(
      rendered == """
        model.yaml:3:3: error: variables: expected a name of letters, digits and _ with a single \
        value, received 'a-b': '1'
            3 |   a-b: 1
              |   ^
        model.yaml:4:3: error: variables: expected a name of letters, digits and _ with a single \
        value, received 'list': a list of 1
            4 |   list: [1]
              |   ^
        model.yaml:5:3: error: variables: expected a name of letters, digits and _ with a single \
        value, received 'map': a mapping
            5 |   map: {a: 1}
              |   ^
        model.yaml:6:3: error: variables: expected a name of letters, digits and _ with a single \
        value, received 'ä': '1'
            6 |   ä: 1
              |   ^
        model.yaml:7:3: error: variables: expected a name of letters, digits and _ with a single \
        value, received '': '1'
            7 |   '': 1
              |   ^
        """)
    #expect(
      headlines(in: text(variables: "[a]")) == [

        """
        model.yaml:1:12: error: variables: expected a mapping of names to values, received a \
        list of 1
        """
      ])
  }

  @Test("must be closed")
  func unclosed() {
    let rendered = mistakes(in: text(variables: "{a: 1}", file: "'x${a'"))
    #expect(
      rendered == """
        model.yaml:2:35: error: '${' without a closing '}'
            2 | data: {train: {source: csv, file: 'x${a', target: label}}
              |                                   ^
        """)
  }

  @Test("are named with their places if their values do not fit")
  func definition() {
    let rendered = mistakes(
      in: text(
        variables: "{wide: many, kind: csv, zero: 0}", file: "'${kind}'", width: "$(wide)",
        name: "$(1 / zero)"),
      overrides: ["variables.kind="])
    #expect(
      rendered == """
        model.yaml:2:35: error: file: expected a path, relative to the model file, received ''
            2 | data: {train: {source: csv, file: '${kind}', target: label}}
              |                                   ^
        --set:1:16: note: 'kind' has its value here
            1 | variables.kind=
              |                ^
        model.yaml:4:16: error: '/': division of 1 by zero
            4 |   - {name: $(1 / zero), type: Linear, num_output: $(wide)}
              |                ^
        model.yaml:1:42: note: 'zero' has its value here
            1 | variables: {wide: many, kind: csv, zero: 0}
              |                                          ^
        model.yaml:4:51: error: num_output: expected an integer from 1 to 2147483647, received \
        'many'
            4 |   - {name: $(1 / zero), type: Linear, num_output: $(wide)}
              |                                                   ^
        model.yaml:1:19: note: 'wide' has its value here
            1 | variables: {wide: many, kind: csv, zero: 0}
              |                   ^
        """)
  }

  @Test("without a value are not reported again where they are used")
  func failed() {
    let rendered = headlines(
      in: text(
        variables: "{a: $(1 / 0), b: '${a}', 'c-d': 1, e: [1]}", file: "'${b}/x${e}'",
        width: "$(a + 1)", name: "'${c-d}'"))
    #expect(
      rendered == [
        "model.yaml:1:20: error: '/': division of 1 by zero",
        """
        model.yaml:1:37: error: variables: expected a name of letters, digits and _ with a single \
        value, received 'c-d': '1'
        """,
        """
        model.yaml:1:47: error: variables: expected a name of letters, digits and _ with a single \
        value, received 'e': a list of 1
        """,
      ])
    #expect(
      headlines(in: text(variables: "3", width: "$(w)", name: "'${n}'")) == [
        "model.yaml:1:12: error: variables: expected a mapping of names to values, received '3'"
      ])
  }

  // MARK: Long texts

  @Test("cannot make a text of more than a megabyte", arguments: [(1024, true), (1025, false)])
  func longText(uses: Int, isFine: Bool) {
    let value = String(repeating: "x", count: 1024)
    let list = text(
      variables: "{a: \(value)}", file: "'\(String(repeating: "${a}", count: uses))'")
    let expected = [
      "model.yaml:2:35: error: more than 1 MB of text once its variables are replaced"
    ]
    #expect(headlines(in: list) == (isFine ? [] : expected))
  }

  @Test("cannot make a file of more than 16 megabytes, and are refused within a second")
  func longFile() throws {
    // 40,000 texts of 100 kB are 4 GB.
    let value = String(repeating: "x", count: 100_000)
    let names = [String](repeating: "'${a}'", count: 40_000).joined(separator: ", ")
    let start = threadSeconds()
    let rendered = headlines(
      in: text(variables: "{a: \(value)}").replacing(
        "target: label", with: "target: label, inputs: [\(names)]"))
    #expect(threadSeconds() - start < 1)
    let message = ": error: more than 16 MB of text once all variables are replaced"
    #expect(rendered.count { $0.hasSuffix(message) } == 1)
  }

  @Test("that are undefined a hundred thousand times give a thousand messages")
  func manyUndefined() {
    let names = [String](repeating: "'${b}'", count: 100_000).joined(separator: ", ")
    let list = (0..<2000).map { "a\($0): 1" }.joined(separator: ", ")
    let start = threadSeconds()
    let messages = headlines(
      in: text(variables: "{\(list)}").replacing(
        "target: label", with: "target: label, inputs: [\(names)]"))
    #expect(threadSeconds() - start < 4)
    #expect(messages.count == 1000)
  }
}
