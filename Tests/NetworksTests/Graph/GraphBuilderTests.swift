import DataFiles
import DataSources
import Layers
import ModelOracles
import Networks
import Oracles
import Tensors
import Testing

@Suite("Graphs")
struct GraphBuilderTests {
  @Test("know the shape of every blob, and whether it has an axis of examples")
  func shapes() throws {
    let text = network([
      "name: flat, type: Flatten", "name: ip1, type: Linear, num_output: 5",
      "name: prob, type: Softmax", "name: loss, type: EuclideanLoss",
    ])
    let graph = try graph(text, signature: signature(inputs: [2, 3, 4], outputs: [5]))
    #expect(
      graph.outline == [
        "flat(data#0) → #2 20x24", "ip1(flat#2) → #3 20x5", "prob(ip1#3) → #4 20x5",
        "loss(prob#4, label#1) → #5 scalar",
      ])
    #expect(graph.blobs.prefix(2).map(\.shape.description) == ["20x2x3x4", "20x5"])
    #expect(graph.prediction == 4)
    #expect(graph.parameters.map(\.declaration.shape.description) == ["5x24", "5"])
    // A multiply-add for each of 20·24·5 pairs, counted as two.
    #expect(graph.forwardFlops == 4_800)
  }

  // MARK: Shapes that do not fit

  @Test("report every mistake in one run, and skip layers that depend on one")
  func allMistakes() throws {
    let text = network([
      "name: flat, type: Flatten, axis: 7",
      "name: ip1, type: Linear, num_output: 5, bottom: flat",
      "name: ip2, type: Linear, num_output: 3, bottom: [data, label]",
      "name: prob, type: Softmax, axis: 2, bottom: data",
      "name: relu, type: ReLU, bottom: date",
      "name: loss, type: SoftmaxWithLoss, bottom: [ip2, label]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:4:5: error: layer 'flat' (Flatten): axes 7 to -1 are not a range within the \
        axes 1 to 1 of an example; received data 20x2
            4 |   - {name: flat, type: Flatten, axis: 7}
              |     ^
        model.yaml:6:54: error: layer 'ip2' (Linear): expected 1 bottom, received 2
            6 |   - {name: ip2, type: Linear, num_output: 3, bottom: [data, label]}
              |                                                      ^
        model.yaml:7:5: error: layer 'prob' (Softmax): axis 2 is not one of the axes 1 to 1 of an \
        example, or is empty; received data 20x2
            7 |   - {name: prob, type: Softmax, axis: 2, bottom: data}
              |     ^
        model.yaml:8:38: error: layer 'relu' (ReLU): bottom 'date' is not made by any layer; did \
        you mean 'data'?
            8 |   - {name: relu, type: ReLU, bottom: date}
              |                                      ^
        """)
  }

  @Test("refuse to read labels of data without targets")
  func noTargets() throws {
    let signature = DataSignature(
      [DataTop(DataTop.data, shape: Shape([2]))], exampleCount: nil)
    let layers = ["name: ip1, type: Linear, num_output: 2"]
    let text = network(layers + ["name: loss, type: EuclideanLoss, bottom: [ip1, data]"])
    #expect(try graph(text, signature: signature).blobs[1].name == "ip1")
    #expect(
      try graphMistakes(
        network(layers + ["name: loss, type: EuclideanLoss"]), signature: signature) == """
          model.yaml:5:5: error: layer 'loss' (EuclideanLoss): bottom 'label' has no values, since \
          the data have no targets
              5 |   - {name: loss, type: EuclideanLoss}
                |     ^
          """)
  }

  @Test("show both shapes, and the layers that made them")
  func chains() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 4", "name: relu1, type: ReLU",
      "name: ip2, type: Linear, num_output: 3", "name: other, type: Linear, num_output: 2",
      "name: loss, type: EuclideanLoss, bottom: [ip2, other]",
      "name: scored, type: SoftmaxWithLoss, bottom: [ip2, data]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:8:5: error: layer 'loss' (EuclideanLoss): prediction 20x3 and target 20x2 \
        differ in size; received data 20x2 → ip1 20x4 → relu1 20x4 → ip2 20x3 and data 20x2 → ip1 \
        20x4 → relu1 20x4 → ip2 20x3 → other 20x2
            8 |   - {name: loss, type: EuclideanLoss, bottom: [ip2, other]}
              |     ^
        model.yaml:9:5: error: layer 'scored' (SoftmaxWithLoss): scores 20x3 need labels 20 (one \
        class for each position) or 20x3 (probabilities), received 20x2; received data 20x2 → ip1 \
        20x4 → relu1 20x4 → ip2 20x3 and data 20x2
            9 |   - {name: scored, type: SoftmaxWithLoss, bottom: [ip2, data]}
              |     ^
        """)
  }

  @Test("cut a long chain in its middle")
  func longChain() throws {
    let layers =
      (1...9).map { "name: ip\($0), type: Linear, num_output: \($0)" }
      + [
        "name: flat, type: Flatten, axis: 3",
        "name: loss, type: SoftmaxWithLoss, bottom: [ip9, label]",
      ]
    let rendered = try graphMistakes(network(layers))
    #expect(
      rendered == """
        model.yaml:13:5: error: layer 'flat' (Flatten): axes 3 to -1 are not a range within the \
        axes 1 to 1 of an example; received data 20x2 → … → ip3 20x3 → ip4 20x4 → ip5 20x5 → ip6 \
        20x6 → ip7 20x7 → ip8 20x8 → ip9 20x9
           13 |   - {name: flat, type: Flatten, axis: 3}
              |     ^
        """)
  }

  @Test("check the number of bottoms and tops, and refuse a layer that reads a loss")
  func counts() throws {
    let text = network([
      "name: a, type: SoftmaxWithLoss, bottom: data",
      "name: b, type: ReLU, bottom: data, top: [x, y]",
      "name: ip, type: Linear, num_output: 3, bottom: data",
      "name: loss, type: SoftmaxWithLoss, bottom: [ip, label]",
      "name: c, type: ReLU, bottom: loss",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:4:46: error: layer 'a' (SoftmaxWithLoss): expected 2 bottoms, received 1
            4 |   - {name: a, type: SoftmaxWithLoss, bottom: data}
              |                                              ^
        model.yaml:5:46: error: layer 'b' (ReLU): expected 1 top, received 2
            5 |   - {name: b, type: ReLU, bottom: data, top: [x, y]}
              |                                              ^
        model.yaml:8:35: error: layer 'c' (ReLU): bottom 'loss' is the value of a loss or metric, \
        which no layer can read
            8 |   - {name: c, type: ReLU, bottom: loss}
              |                                   ^
        """)
  }

  @Test("refuse a Linear layer of a blob without values, or with only the axis of examples")
  func linearOfLabels() throws {
    let text = network([
      "name: ip, type: Linear, num_output: 3, bottom: label",
      "name: loss, type: SoftmaxWithLoss, bottom: [data, label]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:4:5: error: layer 'ip' (Linear): expected [N, …] with at least one value in \
        each example; received label 20
            4 |   - {name: ip, type: Linear, num_output: 3, bottom: label}
              |     ^
        model.yaml:5:5: error: layer 'loss' (SoftmaxWithLoss): 2 scores for 3 classes; received \
        data 20x2
            5 |   - {name: loss, type: SoftmaxWithLoss, bottom: [data, label]}
              |     ^
        """)
  }

  // MARK: Parameters

  @Test("name parameters by their layer, and count a shared one once")
  func parameterNames() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 2, param: [{name: w}, {lr_mult: 2, decay_mult: 0}]",
      "name: ip2, type: Linear, num_output: 2, param: {name: w}",
      "name: ip3, type: Linear, num_output: 3, bias_term: false, param: {lr_mult: 0}",
      "name: loss, type: SoftmaxWithLoss",
    ])
    let graph = try graph(text)
    #expect(graph.parameters.map(\.name) == ["w", "ip1.bias", "ip2.bias", "ip3.weight"])
    #expect(graph.parameters.map(\.owner) == ["ip1", "ip1", "ip2", "ip3"])
    #expect(graph.parameters.map(\.rateMultiplier) == [1, 2, 1, 0])
    #expect(graph.parameters.map(\.decayMultiplier) == [1, 0, 1, 1])
    #expect(graph.parameters.map(\.isTrainable) == [true, true, true, false])
    #expect(graph.nodes.map(\.parameters) == [[0, 1], [0, 2], [3], []])
  }

  @Test("refuse parameters that cannot be shared, reserved names, and surplus options")
  func parameterMistakes() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 2, bottom: data, param: [{name: w}, {name: b}]",
      "name: ip2, type: Linear, num_output: 3, bottom: data, param: [{name: w}]",
      "name: ip3, type: Linear, num_output: 2, bottom: data, param: [{name: w, lr_mult: 0.5}]",
      "name: ip4, type: Linear, num_output: 2, bottom: data, param: [{}, {name: b, decay_mult: 0}]",
      "name: ip5, type: Linear, num_output: 2, bottom: data, param: [{name: data.mean}]",
      "name: ip6, type: Linear, num_output: 2, bottom: data, param: {name: __metadata__}",
      "name: ip7, type: Linear, num_output: 2, bottom: data, param: [{}, {}, {}]",
      "name: relu, type: ReLU, bottom: data, param: [{lr_mult: 0}]",
      "name: loss, type: SoftmaxWithLoss, bottom: [ip1, label]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:5:68: error: layer 'ip2' (Linear): parameter 'w' is shared with layer 'ip1', \
        whose shape is 2x2, not 3x2
            5 | …me: ip2, type: Linear, num_output: 3, bottom: data, param: [{name: w}]}
              |                                                              ^
        model.yaml:6:68: error: layer 'ip3' (Linear): parameter 'w' is shared with layer 'ip1', \
        which has a different lr_mult
            6 | …me: ip3, type: Linear, num_output: 2, bottom: data, param: [{name: w, lr_mult: \
        0.5}]}
              |                                                              ^
        model.yaml:7:72: error: layer 'ip4' (Linear): parameter 'b' is shared with layer 'ip1', \
        which has a different decay_mult
            7 | …ip4, type: Linear, num_output: 2, bottom: data, param: [{}, {name: b, decay_mult: \
        0}]}
              |                                                              ^
        model.yaml:8:68: error: layer 'ip5' (Linear): the name 'data.mean' of its weight is \
        reserved in weights files: expected another name
            8 | …me: ip5, type: Linear, num_output: 2, bottom: data, param: [{name: data.mean}]}
              |                                                              ^
        model.yaml:9:67: error: layer 'ip6' (Linear): the name '__metadata__' of its weight is \
        reserved in weights files: expected another name
            9 | …ame: ip6, type: Linear, num_output: 2, bottom: data, param: {name: __metadata__}}
              |                                                              ^
        model.yaml:10:67: error: layer 'ip7' (Linear): param: expected at most 2 items (weight, \
        bias), received 3
           10 | …ame: ip7, type: Linear, num_output: 2, bottom: data, param: [{}, {}, {}]}
              |                                                              ^
        model.yaml:11:51: error: layer 'relu' (ReLU): expected no param, since it has no \
        parameters, received 1
           11 |   - {name: relu, type: ReLU, bottom: data, param: [{lr_mult: 0}]}
              |                                                   ^
        model.yaml:12:5: error: layer 'loss' (SoftmaxWithLoss): 2 scores for 3 classes; received \
        data 20x2 → ip1 20x2
           12 |   - {name: loss, type: SoftmaxWithLoss, bottom: [ip1, label]}
              |     ^
        """)
  }

  @Test("refuse a parameter that only the test phase has")
  func testOnlyParameter() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3",
      "name: loss, type: SoftmaxWithLoss",
      "name: ip2, type: Linear, num_output: 3, bottom: ip1, phase: test",
    ])
    let train = try graph(text)
    let rendered = try graphMistakes(text, .test, sharing: train)
    #expect(
      rendered == """
        model.yaml:6:5: error: layer 'ip2' (Linear): its weight is only in the test phase, which \
        does not train it
            6 |   - {name: ip2, type: Linear, num_output: 3, bottom: ip1, phase:…
              |     ^
        """)
  }

  // MARK: Losses

  @Test("check losses and metrics against the known facts about the targets")
  func targets() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 2", "name: relu1, type: ReLU",
      "name: loss, type: SoftmaxWithLoss", "name: accuracy, type: Accuracy",
    ])
    let fewScores = try graphMistakes(text)
    let numbers = try graphMistakes(text, signature: signature(inputs: [2], outputs: [1]))
    let rendered = fewScores + "\n\n" + numbers
    #expect(
      rendered == """
        model.yaml:6:5: error: layer 'loss' (SoftmaxWithLoss): 2 scores for 3 classes; received \
        data 20x2 → ip1 20x2 → relu1 20x2
            6 |   - {name: loss, type: SoftmaxWithLoss}
              |     ^
        model.yaml:7:5: error: layer 'accuracy' (Accuracy): 2 scores for 3 classes; received data \
        20x2 → ip1 20x2 → relu1 20x2
            7 |   - {name: accuracy, type: Accuracy}
              |     ^

        model.yaml:6:5: error: layer 'loss' (SoftmaxWithLoss): expected class labels, but the \
        targets of the data are numbers
            6 |   - {name: loss, type: SoftmaxWithLoss}
              |     ^
        model.yaml:7:5: error: layer 'accuracy' (Accuracy): expected class labels, but the \
        targets of the data are numbers
            7 |   - {name: accuracy, type: Accuracy}
              |     ^
        """)
    // If only the data define the classes, the check happens when the data are read.
    #expect(try graphMistakes(text, signature: signature(inputs: [2])) == "")
    #expect(try graphMistakes(text, signature: signature(inputs: [2], classes: 2)) == "")
  }

  @Test("need a loss")
  func noLoss() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3", "name: accuracy, type: Accuracy",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:4:5: error: network: no loss in the train phase: expected a layer such as \
        SoftmaxWithLoss or EuclideanLoss, or a loss_weight
            4 |   - {name: ip1, type: Linear, num_output: 3}
              |     ^
        """)
    #expect(try graphMistakes(text, .test) == "")
  }

  @Test("need parameters that their fillers can fill")
  func fillers() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3, weight_filler: bilinear",
      "name: loss, type: SoftmaxWithLoss",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered.hasPrefix(
        """
        model.yaml:4:5: error: layer 'ip1' (Linear): filler bilinear of its weight: expected the \
        kernel of an image, received 3x2
            4 |   - {name: ip1, type: Linear, num_output: 3, weight_filler: bili…
              |     ^
        """))
  }

  @Test("need no score for an ignored last class")
  func ignoredClass() throws {
    func layers(_ ignored: Int) -> [String] {
      [
        "name: ip1, type: Linear, num_output: 2",
        "name: loss, type: SoftmaxWithLoss, ignore_label: \(ignored)",
      ]
    }
    #expect(try graphMistakes(network(layers(2))) == "")
    #expect(try graphMistakes(network(layers(1))).contains("2 scores for 3 classes"))
  }
}
