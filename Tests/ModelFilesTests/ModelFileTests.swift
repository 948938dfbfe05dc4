import DataFiles
import DataSources
import ModelFiles
import ModelOracles
import Oracles
import Solvers
import Testing
import YAML

@Suite("Model files")
struct ModelFileTests {
  /// A file that uses every kind of section.
  static let whole = """
    name: flowers
    seed: 7
    variables: {data: data}

    data:
      train: {source: csv, file: "${data}/iris.csv", target: label, batch_size: 16,
              rows: [0, 120], standardize: true, inputs: [petal_length, petal_width],
              shape: [2], classes: [setosa, versicolor, virginica]}
      test:  {source: csv, file: "${data}/iris.csv", target: label, batch_size: 30,
              rows: [120, 150], inputs: [petal_length, petal_width]}

    network:
      - {name: ip1, type: Linear, num_output: 10, param: [{name: w, lr_mult: 2}, {decay_mult: 0}],
         weight_filler: {type: msra, variance_norm: FAN_OUT}}
      - {name: relu1, type: ReLU, negative_slope: 0.1, bottom: ip1, top: ip1}
      - {name: ip2, type: InnerProduct, num_output: 3, bottom: [ip1],
         bias_filler: {type: constant, value: 0.5}}
      - {name: loss, type: SoftmaxWithLoss, loss_weight: 0.5}
      - {name: accuracy, type: Accuracy, phase: test}

    solver:
      type: SGD
      base_lr: 0.1
      momentum: 0.9
      momentum_form: caffe
      weight_decay: 1e-3
      regularization_type: L1
      lr_policy: {type: multistep, gamma: 0.5, stepvalue: [10, 20]}
      clip_gradients: 5
      iter_size: 2
      max_iter: 10 epochs
      test_interval: 3
      display: 5
      shards: 2

    expect:
      test_accuracy: ">= 0.93"
      loss: "< 1"

    """

  @Test("are read with all their fields")
  func fields() throws {
    let model = try model(ModelFileTests.whole, path: "models/flowers.yaml")
    #expect(model.name == "flowers")
    #expect(model.seed == 7)
    #expect(model.directory == "models")
    #expect(model.variables?.valueText == "{data: 'data'}")
    let train = model.data.train
    #expect((train.source as? CSV)?.file == "data/iris.csv")
    #expect((train.batchSize, train.standardize) == (16, true))
    #expect((model.data.test?.batchSize, model.data.test?.standardize) == (30, true))
    #expect(model.network.map(\.name) == ["ip1", "relu1", "ip2", "loss", "accuracy"])
    #expect(
      model.network.map(\.typeName) == ["Linear", "ReLU", "Linear", "SoftmaxWithLoss", "Accuracy"])
    #expect(model.network[1].header.bottoms == ["ip1"])
    #expect(model.network[1].header.tops == ["ip1"])
    #expect(model.network[3].header.lossWeights?.values == [0.5])
    #expect(model.network[4].header.phase == .test)
    let parameters = try #require(model.network[0].header.parameters)
    #expect(parameters.map(\.name) == ["w", nil])
    #expect(parameters.map(\.rateMultiplier) == [2, 1])
    #expect(parameters.map(\.decayMultiplier) == [1, 0])
    let solver = model.solver
    #expect((solver.baseRate, solver.weightDecay, solver.clipGradients) == (0.1, 0.001, 5))
    #expect((solver.iterationSize, solver.display, solver.shards) == (2, 5, 2))
    #expect((solver.length, solver.testInterval) == (.epochs(10), .iterations(3)))
    #expect(model.expectations.map(\.metric) == ["test_accuracy", "loss"])
  }

  @Test("have defaults")
  func defaults() throws {
    let model = try model(
      """
      data: {train: {source: spiral}}
      network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
      solver: {base_lr: 1, max_epochs: 3}
      """)
    #expect((model.name, model.seed, model.directory) == ("model", 1, "."))
    #expect((model.data.train.batchSize, model.data.test == nil) == (32, true))
    #expect(model.expectations.isEmpty && model.variables == nil)
    let solver = model.solver
    #expect((solver.iterationSize, solver.display, solver.shards) == (1, 1, nil))
    #expect((solver.length, solver.testInterval) == (.epochs(3), .epochs(1)))
    #expect((solver.weightDecay, solver.clipGradients) == (0, nil))
    #expect(model.network[0].header.bottoms == nil && model.network[0].tops == ["ip"])
  }

  // MARK: The resolved document

  @Test("resolve to a document that states every default")
  func resolved() throws {
    let text = """
      variables: {n: 3}
      data: {train: {source: spiral}}
      network:
        - {name: ip, type: InnerProduct, num_output: "${n}"}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 1, max_epochs: 3}
      """
    let rendered = try model(text, path: "small.yaml").resolved().yaml
    #expect(
      rendered == """
        name: small
        seed: 1
        variables:
          n: 3
        data:
          train:
            source: spiral
            points_per_class: 100
            class_count: 3
            noise: 0.1
            batch_size: 32
            shuffle: true
            scale: 1
            standardize: false
        network:
        - name: ip
          type: Linear
          num_output: 3
          bias_term: true
          axis: 1
          transpose: false
          weight_filler: {type: xavier, variance_norm: FAN_IN, distribution: uniform}
          bias_filler: {type: constant, value: 0}
        - name: loss
          type: SoftmaxWithLoss
          axis: 1
          label_smoothing: 0
          log_floor: 0
          normalization: VALID
        solver:
          type: SGD
          momentum: 0
          momentum_form: pytorch
          base_lr: 1
          lr_policy: fixed
          weight_decay: 0
          regularization_type: L2
          iter_size: 1
          max_epochs: 3
          test_interval: 1 epoch
          display: 1
          snapshot: auto
          show_regularization: false

        """)
  }

  @Test(
    "resolve to a document that reads as the same model, and resolves to itself",
    arguments: [
      (whole, []), (whole, ["solver.max_iter=5", "variables.data=/x y/$${z"]),
      (whole, ["data.train.file=a$${b}", "network.relu1.top='true'", "network.ip2.bottom='true'"]),
      (whole, ["network.ip1.name='1'", "name=null_", "expect={loss: '> -1e-3'}"]),
      (whole, ["solver.lr_policy=fixed", "solver.regularization_type=L2", "data.test=~"]),
      (whole, ["network.ip1.weight_filler={type: uniform, min: -1e-30, max: 1e30}"]),
    ] as [(String, [String])])
  func resolvedAgain(text: String, overrides: [String]) throws {
    let first = try model(text, path: "m.yaml", overrides: overrides).resolved().yaml
    let second = try model(first, path: "m.yaml").resolved().yaml
    #expect(first == second)
    #expect(!first.isEmpty)
  }

  @Test("escape texts that look like variables")
  func escapedVariables() throws {
    let text = network([
      "name: '$${a}', type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    ])
    let first = try model(text)
    #expect(first.network[0].name == "${a}")
    #expect(try model(first.resolved().yaml).network[0].name == "${a}")
  }

  // MARK: Mistakes

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

  // MARK: Names

  @Test(
    "give their runs a name that any folder can have",
    arguments: [
      ("a", true), ("A-1_b.c", true), ("0", true), ("'-'", false),
      (String(repeating: "a", count: 100), true),
      (String(repeating: "a", count: 101), false), ("''", false), (".a", false), ("..", false),
      ("a/b", false), ("a b", false), ("ä", true), ("'a\\b'", false), ("\"a\\u0000\"", false),
      ("~", true),
    ])
  func names(name: String, isFine: Bool) {
    let text =
      "name: \(name)\n"
      + network(["name: ip, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss"])
    #expect(headlines(in: text).isEmpty == isFine)
  }

  @Test(
    "take their name and folder from the file by default",
    arguments: [
      ("spiral.yaml", "spiral", "."), ("a/b/my-model.v2.yaml", "my-model.v2", "a/b"),
      ("/x.yaml", "x", "/"), ("/a/x", "x", "/a"), (".yaml", "model-4fd0bfc1", "."),
      ("..yaml", "_-296228fd", "."), ("a/", "a", "a"), ("ä.yaml", "ä", "."),
      ("", "model-4fd0bfc1", "."),
    ])
  func defaultNames(path: String, name: String, directory: String) throws {
    let text = network([
      "name: ip, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    ])
    let model = try model(text, path: path)
    #expect(model.name == name)
    #expect(model.directory == directory)
  }
}
