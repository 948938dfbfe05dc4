import Layers
import Oracles
import Testing
import Threads
import YAML

@Suite("Losses of classes") struct ClassLossTests {
  static let names = [
    "SoftmaxWithLoss", "FocalLoss", "HingeLoss", "MultinomialLogisticLoss",
    "{type: InfogainLoss, matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]}",
  ]

  @Test("need a class for each position", arguments: names)
  func shapes(yaml: String) throws {
    for inputs in [[[4, 3], [4]], [[4, 3, 2], [4, 2]]] {
      #expect(try ShapeCase(yaml, inputs, gives: [[]]).received() == .shapes([[]]))
    }
    // SoftmaxWithLoss takes probabilities of the scores' shape.
    guard yaml != "SoftmaxWithLoss" else { return }
    let expected = "scores 4x3 need labels 4 (one class for each position), received 4x3"
    #expect(
      try ShapeCase(yaml, [[4, 3], [4, 3]], refuses: expected).received() == .refusal(expected))
  }

  @Test(
    "need a number for each class",
    arguments: [
      ShapeCase(
        "{type: SoftmaxWithLoss, weights: [1, 2]}", [[4, 3], [4]],
        refuses: "weights: expected 3 numbers, one for each class, received 2"),
      ShapeCase(
        "{type: SoftmaxWithLoss, axis: 2, weights: [1, 2]}", [[4, 3, 2], [4, 3]], gives: [[]]),
      ShapeCase(
        "{type: FocalLoss, alpha: 0.25}", [[4, 3], [4]],
        refuses: "alpha: expected 3 numbers, one for each class, received 1"),
      ShapeCase(
        "{type: InfogainLoss, matrix: [[1, 0], [0, 1]]}", [[4, 3], [4]],
        refuses: "matrix: expected 3 rows, one for each class, received 2"),
      ShapeCase(
        "InfogainLoss", [[4, 3], [4]], refuses: "expected a matrix, or a third bottom with one"),
      ShapeCase(
        "{type: InfogainLoss, matrix: [[1, 0], [0, 1]]}", [[4, 2], [4], [4, 2, 2]],
        refuses: "expected a matrix or a third bottom with one, not both"),
      ShapeCase("InfogainLoss", [[4, 3], [4], [4, 9]], gives: [[]]),
      ShapeCase(
        "InfogainLoss", [[4, 3], [4], [4, 3]],
        refuses: "expected a matrix for each example, 4x3x3, as third bottom, received 4x3"),
    ])
  func numbers(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  struct Mistake: CustomTestStringConvertible {
    let yaml: String
    let message: String

    var testDescription: String { yaml }
  }

  @Test(
    "refuse invalid values with the expected range",
    arguments: [
      Mistake(
        yaml: "{type: HingeLoss, margin: 0}",
        message: "margin: expected a number above 0, at most 1000000, received '0'"),
      Mistake(
        yaml: "{type: HingeLoss, norm: maximum}",
        message: "norm: expected one of L1, L2, received 'maximum'"),
      Mistake(
        yaml: "{type: SoftmaxWithLoss, label_smoothing: 1.5}",
        message: "label_smoothing: expected a number from 0 to 1, received '1.5'"),
      Mistake(
        yaml: "{type: SoftmaxWithLoss, weights: [1, -2]}",
        message: "weights: expected a list, each item a number from 0 to 1000000, received '-2'"),
      Mistake(
        yaml: "{type: SoftmaxWithLoss, normalization: everything}",
        message: "normalization: expected one of VALID, FULL, BATCH_SIZE, NONE, received "
          + "'everything'"),
      Mistake(
        yaml: "{type: SoftmaxWithLoss, ignore_label: 0.5}",
        message: "ignore_label: expected an integer from -1000000 to 1000000, received '0.5'"),
      Mistake(
        yaml: "{type: InfogainLoss, matrix: [[1, 0], [0, 1, 2]]}",
        message: "layer InfogainLoss: matrix: expected as many columns as its 2 rows, received a "
          + "row of 3"),
      Mistake(
        yaml: "{type: FocalLoss, gamma: -1}",
        message: "gamma: expected a number from 0 to 100, received '-1'"),
    ])
  func mistakes(test: Mistake) {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalog.all.decoded(test.yaml)
    }
    #expect(diagnostics?.all.map(\.message) == [test.message])
  }

  private static func run(
    _ yaml: String, _ scores: [Float], _ labels: [Float], sliceCount: Int = 1
  ) throws -> LayerRun.Results {
    let count = labels.count
    let run = LayerRun(
      layers: [try LayerCatalog.all.decoded(yaml)],
      inputs: [Tensor([count, scores.count / count], scores), Tensor([count], labels)],
      parameters: [[]], outputGradients: [], needsGradients: [true, false],
      sliceCount: sliceCount)
    return try run.run(on: Workers(count: 2))
  }

  @Test("are 0 and have no gradient if all positions are ignored", arguments: [1, 2])
  func allIgnored(sliceCount: Int) throws {
    for name in ["SoftmaxWithLoss", "FocalLoss", "HingeLoss", "MultinomialLogisticLoss"] {
      let results = try ClassLossTests.run(
        "{type: \(name), ignore_label: -1}", [0.5, 0.25, 0.1, 0.9], [-1, -1],
        sliceCount: sliceCount)
      #expect(results.output == [0])
      #expect(results.inputGradients == [[0, 0, 0, 0], nil])
    }
  }

  @Test("are NaN for a label that is not a class", arguments: [Float(2), -1, 1e30, .nan])
  func noClass(label: Float) throws {
    for name in ["SoftmaxWithLoss", "FocalLoss", "HingeLoss", "MultinomialLogisticLoss"] {
      #expect(try ClassLossTests.run(name, [0.5, 0.5, 0.1, 0.9], [0, label]).output[0].isNaN)
    }
  }

  @Test("divide by the exact sum of the weights, even below 1")
  func smallWeights() throws {
    let whole = try ClassLossTests.run("SoftmaxWithLoss", [1, 2, 3, 5], [0, 1])
    let small = try ClassLossTests.run(
      "{type: SoftmaxWithLoss, weights: [0.125, 0.125]}", [1, 2, 3, 5], [0, 1])
    #expect(abs(whole.output[0] - small.output[0]) < 1e-12)
  }

  /// The gradient of Σ c·p is added to that of the loss.
  @Test("add the gradient of the second top, the probabilities", arguments: [1, 2])
  func secondTop(sliceCount: Int) throws {
    let scores: [Float] = [1, 2, 3, -1, 0, 0.5]
    let inputs = [Tensor([2, 3], scores), Tensor([2], [2, 0])]
    var both = LayerRun(
      layers: [SoftmaxWithLoss()], inputs: inputs, parameters: [[]],
      outputGradients: [nil, [1, -2, 3, 0.5, 0, -1]], needsGradients: [true, false],
      sliceCount: sliceCount)
    let sum = try both.run(on: Workers(count: 1))
    both.outputGradients = [nil, [Float](repeating: 0, count: 6)]
    let loss = try both.run(on: Workers(count: 1))
    let softmax = LayerRun(
      layers: [Softmax()], inputs: [inputs[0]], parameters: [[]],
      outputGradients: [[1, -2, 3, 0.5, 0, -1]], needsGradients: [true], sliceCount: sliceCount)
    let through = try softmax.run(on: Workers(count: 1))
    #expect(sum.outputs[1] == through.outputs[0])
    let parts = zip(loss.inputGradients[0] ?? [], through.inputGradients[0] ?? [])
    for (value, expected) in zip(sum.inputGradients[0] ?? [], parts.map { $0 + $1 }) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(sum.inputGradients[0]?.count == 6)
  }
}
