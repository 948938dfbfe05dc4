import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

@Suite("Overrides")
struct OverridesTests {
  private static let text = """
    variables: {width: 4, data: x}
    data: {train: {source: spiral, batch_size: 20}}
    network:
      - {name: ip1, type: Linear, num_output: "${width}", weight_filler: {type: gaussian, std: 1}}
      - {name: ip2, type: Linear, num_output: 3, bottom: [ip1]}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.1, max_epochs: 1, lr_policy: {type: step, stepsize: 5}}

    """

  /// Returns the value in a model's resolved document at a path of keys and indices.
  private func value(at path: String, _ overrides: [String]) throws -> String {
    var node = try model(OverridesTests.text, overrides: overrides).resolved()
    for part in path.split(separator: ".") {
      node = try #require(Int(part).flatMap { node.items?[$0] } ?? node[String(part)])
    }
    return node.valueText
  }

  /// The options, and a value that the resolved document then contains.
  struct Case: CustomTestStringConvertible, Sendable {
    let argument: String
    let path: String
    let value: String
    var testDescription: String { argument }

    init(_ argument: String, _ path: String, _ value: String) {
      (self.argument, self.path, self.value) = (argument, path, value)
    }
  }

  @Test(
    "replace a value, add a field, and reach into lists by place and by name",
    arguments: [
      Case("solver.base_lr=0.5", "solver.base_lr", "0.5"),
      Case("solver.base_lr=1", "solver.base_lr", "1"),
      Case("solver.base_lr=1e-3", "solver.base_lr", "0.001"),
      Case("seed=7", "seed", "7"),
      Case("name=other", "name", "'other'"),
      Case("name=7", "name", "'7'"),
      Case("name=a.b", "name", "'a.b'"),
      Case("name=null", "name", "'null'"),
      Case("seed= 7 ", "seed", "7"),
      Case("solver.base_lr= 9e-1\t", "solver.base_lr", "0.9"),
      Case("network.ip2.name=a: b", "network.1.name", "'a: b'"),
      Case("network.ip2.name=a #1", "network.1.name", "'a #1'"),
      Case("network.ip2.name='a'", "network.1.name", "''a''"),
      Case("network.ip2.name= a ", "network.1.name", "' a '"),
      Case("network.ip2.name=[a]", "network.1.name", "'[a]'"),
      Case("network.ip2.name={a", "network.1.name", "'{a'"),
      Case("network.ip2.name={a: 1} # b", "network.1.name", "'{a: 1} # b'"),
      Case("network.ip2.name=- a", "network.1.name", "'- a'"),
      Case("network.ip2.name=*a", "network.1.name", "'*a'"),
      Case("network.ip2.name=!a", "network.1.name", "'!a'"),
      Case("network.ip2.name=true", "network.1.name", "'true'"),
      Case("network.ip2.bottom=[data]", "network.1.bottom", "['data']"),
      Case("network.ip2.bottom=ip1", "network.1.bottom", "['ip1']"),
      Case("network.ip2.weight_filler= {type: msra} ", "network.1.weight_filler.type", "'msra'"),
      Case("solver.momentum=0.9", "solver.momentum", "0.9"),
      Case("solver.lr_policy.stepsize=9", "solver.lr_policy.stepsize", "9"),
      Case("solver.lr_policy=fixed", "solver.lr_policy", "'fixed'"),
      Case("solver.lr_policy={type: exp, gamma: 0.5}", "solver.lr_policy.gamma", "0.5"),
      Case("solver.max_epochs=2", "solver.max_epochs", "2"),
      Case("network.0.num_output=9", "network.0.num_output", "9"),
      Case("network.ip1.num_output=9", "network.0.num_output", "9"),
      Case("network.ip1.weight_filler.std=0.5", "network.0.weight_filler.std", "0.5"),
      Case("network.ip2.bottom.0=data", "network.1.bottom", "['data']"),
      Case("network.ip2.bias_term=false", "network.1.bias_term", "false"),
      Case("network.ip1.name=first", "network.0.name", "'first'"),
      Case("data.train.batch_size=5", "data.train.batch_size", "5"),
      Case("data.test={source: spiral}", "data.test.source", "'spiral'"),
      Case("variables.width=6", "network.0.num_output", "6"),
      Case("variables.width=6", "variables.width", "6"),
      Case("variables.data=a=b", "variables.data", "'a=b'"),
      Case("variables.data=", "variables.data", "''"),
      Case("variables.data=t #1.csv", "variables.data", "'t #1.csv'"),
      Case("variables.data=[1, 2]", "variables.data", "'[1, 2]'"),
      Case("variables.data='a'", "variables.data", "''a''"),
      Case("variables.data= 6 ", "variables.data", "6"),
      Case("variables.data=a: b", "variables.data", "'a: b'"),
      Case("network.ip2.num_output=${width}", "network.1.num_output", "4"),
      Case("solver.max_epochs=~", "solver.max_iter", "5"),
    ])
  func values(test: Case) throws {
    let more = test.argument == "solver.max_epochs=~" ? ["solver.max_iter=5"] : []
    let isRenamed = test.argument.hasPrefix("network.ip1.name")
    let bottom = isRenamed ? ["network.ip2.bottom=first"] : []
    #expect(try value(at: test.path, [test.argument] + more + bottom) == test.value)
  }

  @Test("are applied in order")
  func order() throws {
    #expect(try value(at: "seed", ["seed=1", "seed=2"]) == "2")
    #expect(
      try value(
        at: "data.test.batch_size", ["data.test={source: spiral}", "data.test.batch_size=7"]) == "7"
    )
  }

  @Test(
    "are checked like the file's own values, at their place in the argument",
    arguments: [
      ("solver.base_lr=fast", 16, "base_lr: expected a number from 0 to 1000000, received 'fast'"),
      ("solver.base_lr=-1", 16, "base_lr: expected a number from 0 to 1000000, received '-1'"),
      ("solver.base_lr=", 16, "base_lr: expected a number from 0 to 1000000, received ''"),
      ("solver.momentun=0.9", 8, "solver: unknown field 'momentun'; did you mean 'momentum'?"),
      (
        "network.ip1.num_output=0", 24,
        "num_output: expected an integer from 1 to 2147483647, received '0'"
      ),
      (
        "network.ip1.type=Linaer", 18,
        """
        unknown layer type 'Linaer' ('dlrun help-layer' lists them); did you mean 'Linear'?
        """
      ),
      ("slover.base_lr=1", 1, "model file: unknown field 'slover'; did you mean 'solver'?"),
      (
        "solver.lr_policy.stepsiez.a=1", 18,
        "learning-rate policy step: unknown field 'stepsiez'; did you mean 'stepsize'?"
      ),
      ("network.ip3.num_output=1", 9, "no 'ip3' in 'network'; did you mean 'ip1'?"),
      ("network.3.num_output=1", 9, "no '3' in 'network'"),
      ("network.-1.num_output=1", 9, "no '-1' in 'network'"),
      ("network.ip2.bottom.1=data", 20, "no '1' in 'network.ip2.bottom'"),
      ("solver.base_lr.deep=1", 16, "no 'deep' in 'solver.base_lr'"),
      ("variables.widht=3", 11, "no 'widht' in 'variables'; did you mean 'width'?"),
      ("nets=1", 1, "model file: unknown field 'nets'"),
      (".=1", 1, "model file: unknown field ''"),
      ("solver..x=1", 8, "solver: unknown field ''"),
    ])
  func mistakes(argument: String, column: Int, message: String) {
    #expect(
      headlines(in: OverridesTests.text, overrides: [argument]) == [
        "--set:1:\(column): error: \(message)"
      ])
  }

  @Test("show the argument with a caret")
  func rendered() {
    let rendered = ModelOracles.mistakes(
      in: OverridesTests.text, overrides: ["network.ip1.nun_output=5", "solver.max_iter=3 eposch"])
    #expect(
      rendered == """
        --set:1:13: error: layer 'ip1': unknown field 'nun_output'; did you mean 'num_output'?
            1 | network.ip1.nun_output=5
              |             ^
        --set:1:17: error: max_iter: expected a number of iterations from 1 to 1000000000000, or a \
        text such as '10 epochs', received '3 eposch'
            1 | solver.max_iter=3 eposch
              |                 ^
        model.yaml:7:9: error: solver: expected either max_iter or max_epochs, received both
            7 | solver: {base_lr: 0.1, max_epochs: 1, lr_policy: {type: step, stepsi…
              |         ^
        --set:1:8: note: 'max_iter' is set here
            1 | solver.max_iter=3 eposch
              |        ^
        """)
  }

  @Test("of an integer beyond 64 bits name the bounds of the field")
  func bounds() {
    #expect(
      ModelOracles.mistakes(
        in: OverridesTests.text,
        overrides: [
          "seed=9223372036854775808", "solver.lr_policy.stepsize=1e19",
          "network.ip1.num_output=1e19",
        ]) == """
          --set:1:6: error: seed: expected an integer from 0 to 9223372036854775807, received \
          '9223372036854775808'
              1 | seed=9223372036854775808
                |      ^
          --set:1:24: error: num_output: expected an integer from 1 to 2147483647, received '1e19'
              1 | network.ip1.num_output=1e19
                |                        ^
          --set:1:27: error: stepsize: expected a number of iterations from 1 to 1000000000000, or a \
          text such as '10 epochs', received '1e19'
              1 | solver.lr_policy.stepsize=1e19
                |                           ^
          """)
  }

  @Test("have the places of their parts, and say why a text is not a list")
  func places() throws {
    #expect(
      ModelOracles.mistakes(
        in: OverridesTests.text, overrides: ["network.ip1.weight_filler={type: gaussian, std: -1}"])
          == """
          --set:1:49: error: std: expected a number from 0 to 1e+30, received '-1'
              1 | network.ip1.weight_filler={type: gaussian, std: -1}
                |                                                 ^
          """)
    #expect(
      ModelOracles.mistakes(
        in: OverridesTests.text,
        overrides: ["seed=[1", "solver={a: 1,\n b: 2,\n a: 3}", "data.train={a: 1} # b"]) == """
          --set:1:6: error: seed: expected an integer of at least 0, received '[1' (a text, since \
          this '[' is not closed)
              1 | seed=[1
                |      ^
          --set:1:8: error: solver: expected a mapping, received '{a: 1,\\n b: 2,\\n a: 3}' (a text, \
          since duplicate key 'a')
              1 | solver={a: 1,
                |        ^
          --set:1:12: error: train data: expected a mapping, received '{a: 1} # b' (a text, since a \
          comment follows it)
              1 | data.train={a: 1} # b
                |            ^
          """)
  }

  @Test("add the sections and mappings that the file lacks, which are then checked")
  func absent() throws {
    let bare = OverridesTests.text.split(separator: "\n").dropLast().joined(separator: "\n")
    let overrides = [
      "solver.base_lr=0.1", "solver.warmup.length=5", "solver.max_epochs=2",
      "data.test.source=spiral", "network.ip2.weight_filler.type=xavier",
    ]
    for text in [bare, bare + "\nsolver:\n"] {
      let file = try model(text, overrides: overrides).resolved()
      #expect(file["solver"]?["base_lr"]?.valueText == "0.1")
      #expect(file["solver"]?["warmup"]?["length"]?.valueText == "5")
      #expect(file["data"]?["test"]?["source"]?.valueText == "'spiral'")
      #expect(file["network"]?.items?[1]["weight_filler"]?["type"]?.valueText == "'xavier'")
    }
    #expect(
      ModelOracles.mistakes(in: bare, overrides: ["solver.momentun=0.1"]) == """
        --set:1:1: error: solver: 'base_lr' is missing: expected a number from 0 to 1000000
            1 | solver.momentun=0.1
              | ^
        --set:1:1: error: solver: expected either max_iter or max_epochs, received neither
            1 | solver.momentun=0.1
              | ^
        --set:1:8: error: solver: unknown field 'momentun'; did you mean 'momentum'?
            1 | solver.momentun=0.1
              |        ^
        """)
  }

  @Test("have the depth limit of a file, and do not change a wrong document")
  func depth() throws {
    let deep = String(repeating: "a.", count: 20_000) + "a=1"
    do {
      _ = try Override(deep)
      Issue.record("expected a refusal")
    } catch {
      #expect(
        error.sorted.map(\.message) == ["expected a path of at most 64 parts, received 20001"])
    }
    #expect(
      headlines(in: "~", overrides: ["a.b=1"]) == [
        "--set:1:1: error: no 'a' in the model file",
        "model.yaml:1:1: error: model file: expected a mapping, received nothing",
      ])
  }

  @Test(
    "must be key.path=value",
    arguments: [
      ("", "--set:1:1: error: expected key.path=value, received ''"),
      ("solver", "--set:1:1: error: expected key.path=value, received 'solver'"),
      ("=5", "--set:1:1: error: expected key.path=value, received '=5'"),
      (".", "--set:1:1: error: expected key.path=value, received '.'"),
    ])
  func form(text: String, headline: String) {
    #expect(throws: Diagnostics.self) { try Override(text) }
    let first = ModelOracles.mistakes(in: OverridesTests.text, overrides: [text])
      .split(separator: "\n").first
    #expect(first.map(String.init) == headline)
  }
}
