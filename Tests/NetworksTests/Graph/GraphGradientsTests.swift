import DataFiles
import DataSources
import ModelOracles
import Networks
import Oracles
import Testing

@Suite("Gradients")
struct GraphGradientsTests {
  @Test("reach the blobs that depend on a trainable parameter")
  func blobs() throws {
    let text = network([
      "name: squash, type: TanH", "name: ip1, type: Linear, num_output: 4",
      "name: ip2, type: Linear, num_output: 4, bottom: data, param: [{lr_mult: 0}, {lr_mult: 0}]",
      "name: relu, type: ReLU, bottom: ip1",
      "name: loss, type: EuclideanLoss, bottom: [relu, ip2]",
    ])
    let graph = try graph(text)
    let needed = graph.blobsThatNeedGradients.map { graph.blobs[$0].name }
    #expect(Set(needed) == ["ip1", "relu", "loss"])
  }

  @Test(
    "must reach a trained parameter",
    arguments: [
      ["name: loss, type: SoftmaxWithLoss"],
      [
        "name: loss, type: SoftmaxWithLoss, bottom: [ip, label]",
        "name: ip, type: Linear, num_output: 3, param: [{lr_mult: 0}, {lr_mult: 0}]",
      ],
      [
        "name: loss, type: SoftmaxWithLoss, bottom: [data, label]",
        "name: aside, type: Linear, num_output: 3, bottom: data",
      ],
    ])
  func nothingToTrain(layers: [String]) throws {
    let text = network(layers, data: "{source: xor}")
    let rendered = try graphMistakes(text)
    let line = "  - {\(layers[0])}"
    #expect(
      rendered == """
        model.yaml:4:5: error: network: nothing to train: no loss depends on a parameter whose \
        lr_mult is above 0
            4 | \(line)
              |     ^
        """)
    #expect(try graphMistakes(text, .test) == "", "a network that is only tested needs none")
  }

  @Test("need a loss with a weight other than 0")
  func weightless() throws {
    let layers = [
      "name: ip, type: Linear, num_output: 3",
      "name: size, type: Power, power: 2, loss_weight: 0",
      "name: loss, type: SoftmaxWithLoss, loss_weight: 0, bottom: [ip, label]",
    ]
    let rendered = try graphMistakes(network(layers))
    #expect(
      rendered == """
        model.yaml:5:54: error: layer 'size' (Power): nothing to train: expected a loss_weight \
        other than 0 in a loss that depends on a parameter whose lr_mult is above 0, received none
            5 |   - {name: size, type: Power, power: 2, loss_weight: 0}
              |                                                      ^
        """)
    #expect(try graphMistakes(network(layers), .test) == "", "nothing is trained in testing")
    let one = layers.map { $0.replacing("2, loss_weight: 0", with: "2, loss_weight: -0.5") }
    #expect(try graphMistakes(network(one)) == "")
    // The loss with a weight does not depend on a trained parameter.
    let apart = network(
      [layers[0], layers[2], "name: sum, type: Reduction, bottom: data, loss_weight: 1"])
    #expect(
      try graphMistakes(apart).hasPrefix(
        "model.yaml:5:54: error: layer 'loss' (SoftmaxWithLoss): nothing to train: expected "))
  }

  @Test("never reach a label")
  func labels() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3",
      "name: ip2, type: Linear, num_output: 1, bottom: data",
      "name: relu, type: ReLU, bottom: ip2",
      "name: loss, type: SoftmaxWithLoss, bottom: [ip1, relu]",
      "name: direct, type: SoftmaxWithLoss, bottom: [ip1, ip2]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:7:55: error: layer 'loss' (SoftmaxWithLoss): the labels 'relu' depend on \
        'ip2.weight', which is trained; labels have no gradient
            7 |   - {name: loss, type: SoftmaxWithLoss, bottom: [ip1, relu]}
              |                                                       ^
        model.yaml:8:57: error: layer 'direct' (SoftmaxWithLoss): the labels 'ip2' depend on \
        'ip2.weight', which is trained; labels have no gradient
            8 |   - {name: direct, type: SoftmaxWithLoss, bottom: [ip1, ip2]}
              |                                                         ^
        """)
  }

  @Test("do not reach a label made without trained parameters")
  func frozenLabels() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3",
      "name: ip2, type: Linear, num_output: 1, bottom: data, param: [{lr_mult: 0}, {lr_mult: 0}]",
      "name: loss, type: SoftmaxWithLoss, bottom: [ip1, ip2]",
    ])
    #expect(try graphMistakes(text) == "")
  }

  @Test("do not reach a label behind propagate_down: false")
  func closedLabels() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3",
      "name: ip2, type: Linear, num_output: 1, bottom: data",
      "name: loss, type: SoftmaxWithLoss, bottom: [ip1, ip2], propagate_down: [true, false]",
    ])
    #expect(try graphMistakes(text) == "")
  }

  @Test("need one value of propagate_down, or one for each bottom")
  func propagationCount() throws {
    let text = network([
      "name: a, propagate_down: [true, true], type: TanH",
      "name: loss, type: SoftmaxWithLoss, propagate_down: true",
    ])
    #expect(
      try graphMistakes(text) == """
        model.yaml:4:31: error: layer 'a' (TanH): propagate_down: expected 1 value, received 2
            4 |   - {name: a, propagate_down: [true, true], type: TanH}
              |                               ^
        """)
  }

  @Test("reach nothing if propagate_down closes every path")
  func closedWays() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3",
      "name: loss, type: SoftmaxWithLoss, propagate_down: false",
    ])
    #expect(
      try graphMistakes(text) == """
        model.yaml:4:5: error: network: nothing to train: no loss depends on a parameter whose \
        lr_mult is above 0
            4 |   - {name: ip1, type: Linear, num_output: 3}
              |     ^
        """)
  }

  @Test("never reach the labels of a pair")
  func pairLabels() throws {
    let text = network([
      "name: ip1, type: Linear, num_output: 3",
      "name: ip2, type: Linear, num_output: 3, bottom: data",
      "name: kind, type: Linear, num_output: 1, bottom: data",
      "name: loss, type: ContrastiveLoss, bottom: [ip1, ip2, kind]",
    ])
    let rendered = try graphMistakes(text)
    #expect(
      rendered == """
        model.yaml:7:60: error: layer 'loss' (ContrastiveLoss): the labels 'kind' depend on \
        'kind.weight', which is trained; labels have no gradient
            7 |   - {name: loss, type: ContrastiveLoss, bottom: [ip1, ip2, kind]}
              |                                                            ^
        """)
  }
}
