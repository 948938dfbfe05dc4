import Files
import Layers
import Oracles
import Testing
import Threads
import YAML

@Suite("SoftmaxWithLoss") struct SoftmaxWithLossTests {
  @Test(
    "needs a class or probabilities for each position",
    arguments: [
      ShapeCase("SoftmaxWithLoss", [[4, 3], [4]], gives: [[]]),
      ShapeCase("SoftmaxWithLoss", [[4, 3], [4, 1]], gives: [[]]),
      ShapeCase("SoftmaxWithLoss", [[4, 3, 2], [4, 2]], gives: [[]]),
      ShapeCase("{type: SoftmaxWithLoss, axis: 2}", [[4, 3, 2], [4, 3]], gives: [[]]),
      ShapeCase("SoftmaxWithLoss", [[4, 3], [4, 3]], gives: [[]]),
      ShapeCase("SoftmaxWithLoss", [[4, 1], [4, 1]], gives: [[]]),
      ShapeCase("{type: SoftmaxWithLoss, axis: 2}", [[4, 3, 2], [4, 3, 2]], gives: [[]]),
      ShapeCase(
        "{type: SoftmaxWithLoss, ignore_label: 2}", [[4, 3], [4, 3]],
        refuses: "ignore_label: expected none, since the targets are probabilities of the classes, "
          + "received 2"),
      ShapeCase(
        "SoftmaxWithLoss", [[4, 3], [5]],
        refuses: "scores 4x3 need labels 4 (one class for each position) or 4x3 "
          + "(probabilities), received 5"),
      ShapeCase(
        "SoftmaxWithLoss", [[4, 3, 2], [8]],
        refuses: "scores 4x3x2 need labels 4x2 (one class for each position) or 4x3x2 "
          + "(probabilities), received 8"),
      ShapeCase(
        "SoftmaxWithLoss", [[4], [4]],
        refuses: "axis 1 is not one of the axes 1 to 0 of an example, or is empty"),
      ShapeCase(
        "SoftmaxWithLoss", [[4, 0], [4]],
        refuses: "axis 1 is not one of the axes 1 to 1 of an example, or is empty"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  /// Caffe's loss saturates at 87.34, the negated logarithm of the smallest float.
  @Test("is exact where the label's probability rounds to 0", arguments: [100, 1e4, 1e30])
  func certainMistake(margin: Float) throws {
    let run = LayerRun(
      layers: [SoftmaxWithLoss()], inputs: [Tensor([1, 2], [margin, 0]), Tensor([1], [1])],
      parameters: [[]], outputGradients: [], needsGradients: [true, false])
    let results = try run.run(on: Workers(count: 1))
    #expect(results.output == [Double(margin)])
    #expect(results.inputGradients == [[1, -1], nil])
  }

  @Test("applies its weight to the gradient and not to the value", arguments: [1, 2])
  func weight(sliceCount: Int) throws {
    var run = LayerRun(
      layers: [SoftmaxWithLoss()], inputs: [Tensor([2, 2], [0, 0, 0, 0]), Tensor([2], [0, 1])],
      parameters: [[]], outputGradients: [], needsGradients: [true, false], lossWeight: 0.5,
      sliceCount: sliceCount)
    let half = try run.run(on: Workers(count: 1))
    #expect(half.inputGradients == [[-0.125, 0.125, 0.125, -0.125], nil])
    run.lossWeight = 0
    let none = try run.run(on: Workers(count: 1))
    #expect(none.output == half.output)
    #expect(none.inputGradients[0]?.allSatisfy { $0 == 0 } == true)
  }

  /// Probabilities of 0 and 1 are labels, for every divisor: without class weights, both have the
  /// same loss and the same gradient.
  @Test("gives probabilities of one class the loss of its label", arguments: ["VALID", "NONE"])
  func certainTargets(normalization: String) throws {
    let layer = try LayerCatalog.all.decoded(
      Node.parse(
        Array(
          "{type: SoftmaxWithLoss, label_smoothing: 0.2, normalization: \(normalization)}".utf8),
        name: "test"))
    let scores = Tensor([2, 3], [1, -2, 0.5, 0, 3, -1])
    let results = try [Tensor([2], [2, 0]), Tensor([2, 3], [0, 0, 1, 1, 0, 0])].map { targets in
      try LayerRun(
        layers: [layer], inputs: [scores, targets], parameters: [[]], outputGradients: [],
        needsGradients: [true, false]
      ).run(on: Workers(count: 1))
    }
    #expect(abs(results[0].output[0] - results[1].output[0]) < 1e-12)
    let gradients = try results.map { try #require($0.inputGradients[0]) }
    for (one, other) in zip(gradients[0], gradients[1]) { #expect(abs(one - other) < 1e-6) }
    #expect(gradients[0].count == 6 && gradients[1].count == 6)
  }
}
