import DataFiles
import DataSources
import Layers
import ModelFiles
import ModelOracles
import Networks
import Oracles
import Testing
import YAML

/// Tests which blob of a network is its prediction.
@Suite struct PredictionSearchTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let layers: [String]
    /// The number of values of a target. Nil makes targets class numbers.
    var outputs: Int?
    let prediction: String
  }

  private static let ip = "name: ip, type: Linear, num_output: 3"

  static let cases = [
    Case(
      testDescription: "a layer after the loss that only labels reach",
      layers: [ip, "name: loss, type: SoftmaxWithLoss", "name: s, type: Power, bottom: label"],
      prediction: "ip"),
    Case(
      testDescription: "a slice of the targets after the prediction",
      layers: [
        "name: ip, type: Linear, num_output: 1",
        "name: s, type: Slice, bottom: label, top: [a, b], slice_point: 1",
        "name: loss, type: EuclideanLoss, bottom: [ip, a]",
      ], outputs: 2, prediction: "ip"),
    Case(
      testDescription: "the head of the greatest weight",
      layers: [
        ip, "name: h1, type: Linear, num_output: 3, bottom: ip",
        "name: h2, type: Linear, num_output: 3, bottom: ip",
        "name: l1, type: SoftmaxWithLoss, bottom: [h1, label], loss_weight: 2",
        "name: l2, type: SoftmaxWithLoss, bottom: [h2, label]",
      ], prediction: "h1"),
    Case(
      testDescription: "of equal weights the first in the file, whatever the order of computation",
      layers: [
        "name: l2, type: SoftmaxWithLoss, bottom: [h2, label]",
        "name: l1, type: SoftmaxWithLoss, bottom: [h1, label]", ip,
        "name: h1, type: Linear, num_output: 3, bottom: ip",
        "name: h2, type: Linear, num_output: 3, bottom: h1",
      ], prediction: "h2"),
    Case(
      testDescription: "no loss of weight 0 where another trains",
      layers: [
        ip, "name: h, type: Linear, num_output: 3, bottom: ip",
        "name: l0, type: SoftmaxWithLoss, bottom: [h, label], loss_weight: 0",
        "name: l1, type: SoftmaxWithLoss, bottom: [ip, label], loss_weight: -1",
      ], prediction: "ip"),
    Case(
      testDescription: "the first of a pair of features",
      layers: [
        "name: a, type: Linear, num_output: 2, param: [{name: w}, {name: b}]",
        "name: b, type: Linear, num_output: 2, bottom: data, param: [{name: w}, {name: b}]",
        "name: loss, type: ContrastiveLoss, bottom: [a, b, label]",
      ], prediction: "a"),
    Case(
      testDescription: "what is reconstructed, though the data stand first",
      layers: [
        "name: code, type: Linear, num_output: 1", "name: decode, type: Linear, num_output: 2",
        "name: loss, type: EuclideanLoss, bottom: [data, decode]",
      ], prediction: "decode"),
    Case(
      testDescription: "the student and not the frozen teacher",
      layers: [
        "name: teacher, type: Linear, num_output: 2, param: [{lr_mult: 0}, {lr_mult: 0}]",
        "name: student, type: Linear, num_output: 2, bottom: data",
        "name: loss, type: EuclideanLoss, bottom: [teacher, student]",
      ], prediction: "student"),
    Case(
      testDescription: "no bottom that propagate_down closes",
      layers: [
        "name: a, type: Linear, num_output: 2",
        "name: b, type: Linear, num_output: 2, bottom: data",
        "name: loss, type: EuclideanLoss, bottom: [a, b], propagate_down: [false, true]",
        "name: more, type: EuclideanLoss, bottom: [a, label], loss_weight: 0.5",
      ], outputs: 2, prediction: "b"),
    Case(
      testDescription: "what a formula compares with the labels",
      layers: [
        "name: ip, type: Linear, num_output: 1",
        "name: loss, type: Expression, bottom: [label, ip], formula: \"(ip - label)^2\", "
          + "loss_weight: 1",
      ], outputs: 1, prediction: "ip"),
    Case(
      testDescription: "what a chain of formulas compares with the data",
      layers: [
        "name: code, type: Linear, num_output: 1", "name: decode, type: Linear, num_output: 2",
        "name: error, type: Expression, bottom: [data, decode], formula: \"(data - decode)^2\"",
        "name: loss, type: Reduction, operation: MEAN, loss_weight: 1",
      ], prediction: "decode"),
    Case(
      testDescription: "what a loss reads a difference of",
      layers: [
        "name: ip, type: Linear, num_output: 1",
        "name: rest, type: Eltwise, bottom: [ip, label], operation: SUM, coeff: [1, -1]",
        "name: zero, type: DummyData, shape: [1]",
        "name: loss, type: EuclideanLoss, bottom: [rest, zero]",
      ], outputs: 1, prediction: "ip"),
    Case(
      testDescription: "the sum of a residual block",
      layers: [
        "name: f, type: Linear, num_output: 2", "name: sum, type: Eltwise, bottom: [data, f]",
        "name: loss, type: EuclideanLoss, bottom: [sum, label]",
      ], outputs: 2, prediction: "sum"),
    Case(
      testDescription: "what a loss of the train phase reads",
      layers: [
        ip, "name: loss, type: SoftmaxWithLoss, phase: train",
        "name: extra, type: Linear, num_output: 3, bottom: ip, phase: train",
        "name: more, type: SoftmaxWithLoss, bottom: [extra, label], phase: train, loss_weight: 0.5",
        "name: square, type: Power, power: 2, bottom: data",
      ], prediction: "ip"),
    Case(
      testDescription: "the next loss where the blob of the first is not there in a test",
      layers: [
        ip, "name: noisy, type: Linear, num_output: 3, bottom: ip, phase: train",
        "name: l1, type: SoftmaxWithLoss, bottom: [noisy, label], phase: train, loss_weight: 5",
        "name: l2, type: SoftmaxWithLoss, bottom: [ip, label], phase: train",
      ], prediction: "ip"),
    Case(
      testDescription: "no loss that only the data feed",
      layers: [
        ip, "name: l0, type: EuclideanLoss, bottom: [data, label], loss_weight: 9",
        "name: l1, type: EuclideanLoss, bottom: [ip, three]",
        "name: three, type: DummyData, shape: [3]",
      ], outputs: 2, prediction: "ip"),
    Case(
      testDescription: "a layer of weights whose values are minimised",
      layers: ["name: energy, type: Linear, num_output: 1, loss_weight: 1"], prediction: "energy"),
    Case(
      testDescription: "the probabilities that a loss reads",
      layers: [
        ip, "name: prob, type: Softmax",
        "name: loss, type: MultinomialLogisticLoss, bottom: [prob, label]",
        "name: best, type: ArgMax, bottom: prob",
      ], prediction: "prob"),
  ]

  @Test(arguments: cases) func isWhatTheLossesRead(test: Case) throws {
    let text = network(test.layers)
    let signature = signature(inputs: [2], outputs: test.outputs.map { [$0] }, classes: nil)
    let train = try graph(text, signature: signature)
    let tested = try graph(text, .test, signature: signature, sharing: train)
    let blob = try #require(tested.prediction)
    #expect(tested.blobs[blob].name == test.prediction)
  }

  @Test func isTheStatedOutput() throws {
    let text =
      network([
        PredictionSearchTests.ip, "name: act, type: ReLU", "name: out, type: Linear, num_output: 3",
        "name: loss, type: SoftmaxWithLoss",
      ]) + "output: act\n"
    let train = try graph(text)
    let tested = try graph(text, .test, sharing: train)
    let blob = try #require(tested.prediction)
    #expect(tested.blobs[blob].name == "act")
    #expect(try model(text).resolved()["output"]?.scalar?.text == "act")
  }

  @Test(
    arguments: [
      ("ipp", "no layer of the test phase makes a blob 'ipp'; did you mean 'ip'?"),
      ("data", "'data' is filled by the data: expected a blob that a layer makes"),
      (
        "loss",
        "'loss' is the value of a loss or metric: expected a blob with values for each example"
      ),
      ("both", "'both' depends on the labels, which a prediction does not have"),
    ])
  func refusesAnOutputThatIsNoPrediction(name: String, message: String) throws {
    let text =
      network([
        "name: ip, type: Linear, num_output: 1", "name: loss, type: EuclideanLoss",
        "name: both, type: Eltwise, bottom: [ip, label]",
      ]) + "output: \(name)\n"
    let signature = signature(inputs: [2], outputs: [1])
    let train = try graph(text.replacing("output: \(name)\n", with: ""), signature: signature)
    let caret = String(repeating: " ", count: 16) + "^"
    #expect(
      try graphMistakes(text, .test, signature: signature, sharing: train) == """
        model.yaml:7:9: error: output: \(message)
            7 | output: \(name)
              | \(caret.dropFirst(8))
        """)
  }
}
