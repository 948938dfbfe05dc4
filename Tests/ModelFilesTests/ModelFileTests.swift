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
