import Files
import Layers
import Oracles
import Testing
import Threads

@Suite("SoftmaxWithLoss") struct SoftmaxWithLossTests {
  @Test(
    "needs a class for each position",
    arguments: [
      ShapeCase("SoftmaxWithLoss", [[4, 3], [4]], gives: [[]]),
      ShapeCase("SoftmaxWithLoss", [[4, 3], [4, 1]], gives: [[]]),
      ShapeCase("SoftmaxWithLoss", [[4, 3, 2], [4, 2]], gives: [[]]),
      ShapeCase("{type: SoftmaxWithLoss, axis: 2}", [[4, 3, 2], [4, 3]], gives: [[]]),
      ShapeCase(
        "SoftmaxWithLoss", [[4, 3], [4, 3]],
        refuses: "scores 4x3 need labels 4 (one class for each position), received 4x3"),
      ShapeCase(
        "SoftmaxWithLoss", [[4, 3], [5]],
        refuses: "scores 4x3 need labels 4 (one class for each position), received 5"),
      ShapeCase(
        "SoftmaxWithLoss", [[4, 3, 2], [8]],
        refuses: "scores 4x3x2 need labels 4x2 (one class for each position), received 8"),
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
}
