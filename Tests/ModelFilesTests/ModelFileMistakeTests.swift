import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

@Suite("Mistakes in model files")
struct ModelFileMistakeTests {
  @Test("with only a solver, as in Caffe, get a hint about the indentation of its fields")
  func solverAlone() {
    #expect(
      headlines(in: "net: train.prototxt\nbase_lr: 0.01\n") == [
        "model.yaml:1:1: error: model file: unknown field 'net'",
        "model.yaml:1:1: error: model file: 'data' is missing",
        "model.yaml:1:1: error: model file: 'solver' is missing: indent 'base_lr' below it",
        "model.yaml:1:1: error: model file: 'network' is missing",
        "model.yaml:2:1: error: model file: unknown field 'base_lr'",
      ])
  }

  @Test("report all their mistakes in one run, in the order of their places")
  func allMistakes() {
    let rendered = mistakes(
      in: """
        name: .hidden
        seed: -1
        epochs: 5
        variables: {a-b: 1}
        data:
          train: {source: spirla}
          test: {source: csv, file: "${folder}/x.csv", batch_size: 0}
          validate: {}
        network:
          - {name: ip1, type: Linear}
          - {name: ip2, type: Linear, num_output: many, bias: false}
          - {name: relu, type: Relu}
          - {type: TanH}
          - {name: ip2, type: ReLU, bottom: [1, [2]], param: [{lr_mult: -1, mult: 2}]}
          - {name: accuracy, type: Accuracy, loss_weight: 2, phase: testing}
          - {name: loss, type: SoftmaxWithLoss, loss_weight: heavy}
          - 5
        solver: {type: SDG, base_lr: .nan, max_epochs: 1.5, shards: 1000, lr_policy: {type: step}}
        expect: {loss: low}
        """)
    #expect(
      rendered == """
        model.yaml:1:7: error: name: expected a name of 1 to 100 letters, digits, '_', '-' and \
        '.', of at most 255 bytes, that begins with a letter, a digit or '_', received '.hidden'
            1 | name: .hidden
              |       ^
        model.yaml:2:7: error: seed: expected an integer of at least 0, received '-1'
            2 | seed: -1
              |       ^
        model.yaml:3:1: error: model file: unknown field 'epochs'
            3 | epochs: 5
              | ^
        model.yaml:4:13: error: variables: expected a name of letters, digits and _ with a single \
        value, received 'a-b': '1'
            4 | variables: {a-b: 1}
              |             ^
        model.yaml:6:19: error: unknown data source type 'spirla' (known types: spiral, moons, \
        circles, blobs, xor, csv, idx, npy, cifar, images, generated_images, generated_shapes); did you mean 'spiral'?
            6 |   train: {source: spirla}
              |                   ^
        model.yaml:7:9: error: test data: 'target' is missing: expected a column's name or a list \
        of names
            7 |   test: {source: csv, file: "${folder}/x.csv", batch_size: 0}
              |         ^
        model.yaml:7:29: error: undefined variable 'folder' (the file has no variables)
            7 |   test: {source: csv, file: "${folder}/x.csv", batch_size: 0}
              |                             ^
        model.yaml:7:60: error: batch_size: expected an integer from 1 to 1000000, received '0'
            7 |   test: {source: csv, file: "${folder}/x.csv", batch_size: 0}
              |                                                            ^
        model.yaml:8:3: error: data: unknown field 'validate'
            8 |   validate: {}
              |   ^
        model.yaml:10:5: error: layer 'ip1': 'num_output' is missing: expected an integer from 1 \
        to 2147483647
           10 |   - {name: ip1, type: Linear}
              |     ^
        model.yaml:11:43: error: num_output: expected an integer from 1 to 2147483647, received \
        'many'
           11 |   - {name: ip2, type: Linear, num_output: many, bias: false}
              |                                           ^
        model.yaml:11:49: error: layer 'ip2': unknown field 'bias'
           11 |   - {name: ip2, type: Linear, num_output: many, bias: false}
              |                                                 ^
        model.yaml:12:24: error: unknown layer type 'Relu' ('dlrun help-layer' lists them); did you mean 'ReLU'?
           12 |   - {name: relu, type: Relu}
              |                        ^
        model.yaml:13:5: error: layer: 'name' is missing: expected a name of 1 to 200 printable \
        characters
           13 |   - {type: TanH}
              |     ^
        model.yaml:14:5: error: duplicate layer name 'ip2'
           14 |   - {name: ip2, type: ReLU, bottom: [1, [2]], param: [{lr_mult: …
              |     ^
        model.yaml:11:5: note: the first is here
           11 |   - {name: ip2, type: Linear, num_output: many, bias: false}
              |     ^
        model.yaml:14:41: error: bottom: expected a list, each item a name of 1 to 200 printable \
        characters, received a list of 1
           14 |   - {name: ip2, type: ReLU, bottom: [1, [2]], param: [{lr_mult: -1, mult: 2}]}
              |                                         ^
        model.yaml:14:65: error: lr_mult: expected a number from 0 to 1000000, received '-1'
           14 | …{name: ip2, type: ReLU, bottom: [1, [2]], param: [{lr_mult: -1, mult: 2}]}
              |                                                              ^
        model.yaml:14:69: error: param: unknown field 'mult'
           14 | …e: ip2, type: ReLU, bottom: [1, [2]], param: [{lr_mult: -1, mult: 2}]}
              |                                                              ^
        model.yaml:15:51: error: layer 'accuracy': loss_weight: Accuracy is a metric, which is \
        not minimised
           15 |   - {name: accuracy, type: Accuracy, loss_weight: 2, phase: testing}
              |                                                   ^
        model.yaml:15:61: error: phase: expected one of train, test, received 'testing'
           15 |   - {name: accuracy, type: Accuracy, loss_weight: 2, phase: testing}
              |                                                             ^
        model.yaml:16:54: error: loss_weight: expected a number from -1000000 to 1000000, or a \
        list of them, one for each top, received 'heavy'
           16 |   - {name: loss, type: SoftmaxWithLoss, loss_weight: heavy}
              |                                                      ^
        model.yaml:17:5: error: layer: expected a mapping, received '5'
           17 |   - 5
              |     ^
        model.yaml:18:16: error: unknown solver type 'SDG' (known types: SGD, Nesterov, \
        AdaGrad, AdaDelta, RMSProp, Adam, AdamW, AMSGrad, NAdam, Adamax, Lion, LARS, LAMB, Muon); \
        did you mean 'SGD'?
           18 | solver: {type: SDG, base_lr: .nan, max_epochs: 1.5, shards: 1000, lr_policy…
              |                ^
        model.yaml:18:30: error: base_lr: expected a number from 0 to 1000000, received '.nan'
           18 | solver: {type: SDG, base_lr: .nan, max_epochs: 1.5, shards: 1000, lr_policy: \
        {type: step}…
              |                              ^
        model.yaml:18:48: error: max_epochs: expected an integer from 1 to 1000000000, received \
        '1.5'
           18 | solver: {type: SDG, base_lr: .nan, max_epochs: 1.5, shards: 1000, lr_policy: \
        {type: step}}
              |                                                ^
        model.yaml:18:61: error: shards: expected an integer from 1 to 256, received '1000'
           18 | solver: {type: SDG, base_lr: .nan, max_epochs: 1.5, shards: 1000, lr_policy: \
        {type: step}}
              |                                                             ^
        model.yaml:18:78: error: learning-rate policy step: 'stepsize' is missing: expected a \
        number of iterations from 1 to 1000000000000, or a text such as '10 epochs'
           18 | …G, base_lr: .nan, max_epochs: 1.5, shards: 1000, lr_policy: {type: step}}
              |                                                              ^
        model.yaml:19:16: error: loss: expected a comparison such as ">= 0.97" (>=, <=, > or < and \
        a number), received 'low'
           19 | expect: {loss: low}
              |                ^
        """)
  }

  @Test("need data, a solver and a network")
  func missingSections() {
    let rendered = mistakes(in: "name: a\nsolver:\n")
    #expect(
      rendered == """
        model.yaml:1:1: error: model file: 'data' is missing
            1 | name: a
              | ^
        model.yaml:1:1: error: model file: 'network' is missing
            1 | name: a
              | ^
        model.yaml:2:8: error: model file: 'solver' is missing
            2 | solver:
              |        ^
        """)
  }

  /// A section, a value of a wrong kind, and the first message about it.
  @Test(
    "refuse sections of a wrong kind",
    arguments: [
      ("data", "[1]", "data: expected a mapping, received a list of 1"),
      ("data", "spiral", "data: expected a mapping, received 'spiral'"),
      ("data", "{}", "data: 'train' is missing: expected a mapping"),
      ("data", "{train: spiral}", "train data: expected a mapping, received 'spiral'"),
      ("data", "{train: {source: spiral}, test: 5}", "test data: expected a mapping, received '5'"),
      ("network", "{}", "network: expected a list of 1 to 10000 layers, received an empty mapping"),
      ("network", "[]", "network: expected a list of 1 to 10000 layers, received an empty list"),
      ("network", "Linear", "network: expected a list of 1 to 10000 layers, received 'Linear'"),
      ("network", "[[1]]", "layer: expected a mapping, received a list of 1"),
      ("network", "[~]", "layer: expected a mapping, received nothing"),
      ("solver", "SGD", "solver: expected a mapping, received 'SGD'"),
      ("solver", "[]", "solver: expected a mapping, received an empty list"),
      ("variables", "5", "variables: expected a mapping of names to values, received '5'"),
      ("expect", "[]", "expect: expected a mapping of metrics to bounds, received an empty list"),
      (
        "name", "[a]",

        """
        name: expected a name of 1 to 100 letters, digits, '_', '-' and '.', of at most 255 \
        bytes, that begins with a letter, a digit or '_', received a list of 1
        """
      ),
      ("seed", "1.5", "seed: expected an integer of at least 0, received '1.5'"),
      (
        "seed", "9223372036854775808",
        "seed: expected an integer from 0 to 9223372036854775807, received "
          + "'9223372036854775808'"
      ),
    ])
  func kinds(section: String, value: String, message: String) {
    var sections = [
      "data": "{train: {source: spiral}}", "solver": "{base_lr: 1, max_epochs: 1}",
      "network": "[{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]",
    ]
    sections[section] = value
    let text = sections.keys.sorted().map { "\($0): \(sections[$0] ?? "")\n" }.joined()
    let first = headlines(in: text).first { $0.contains(message) }
    let line = (sections.keys.sorted().firstIndex(of: section) ?? 0) + 1
    #expect(first?.hasPrefix("model.yaml:\(line):") ?? false, "\(headlines(in: text))")
    #expect(first?.hasSuffix(" error: \(message)") ?? false)
  }

  @Test("are mappings", arguments: [("[1]", "a list of 1"), ("5", "'5'"), ("~", "nothing")])
  func documentKind(text: String, received: String) {
    #expect(
      headlines(in: text) == [
        "model.yaml:1:1: error: model file: expected a mapping, received \(received)"
      ])
  }

  @Test("refuse two layers with the same name, and show both")
  func duplicateLayers() {
    let rendered = mistakes(
      in: network([
        "name: ip, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
        "name: ip, type: ReLU", "name: ip, type: TanH",
      ]))
    #expect(
      rendered == """
        model.yaml:6:5: error: duplicate layer name 'ip'
            6 |   - {name: ip, type: ReLU}
              |     ^
        model.yaml:4:5: note: the first is here
            4 |   - {name: ip, type: Linear, num_output: 3}
              |     ^
        model.yaml:7:5: error: duplicate layer name 'ip'
            7 |   - {name: ip, type: TanH}
              |     ^
        model.yaml:4:5: note: the first is here
            4 |   - {name: ip, type: Linear, num_output: 3}
              |     ^
        """)
  }

  @Test("have at most ten thousand layers", arguments: [(10_000, 0), (10_001, 1)])
  func layerLimit(count: Int, mistakes: Int) {
    let text = network((0..<count).map { "name: l\($0), type: ReLU" })
    #expect(headlines(in: text).count == mistakes)
  }
}
