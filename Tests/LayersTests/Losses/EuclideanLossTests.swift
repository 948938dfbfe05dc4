import Layers
import Oracles
import Testing

@Suite("EuclideanLoss") struct EuclideanLossTests {
  @Test(
    "needs the same number of targets and predictions",
    arguments: [
      ShapeCase("EuclideanLoss", [[4, 3], [4, 3]], gives: [[]]),
      ShapeCase("EuclideanLoss", [[4], [4, 1]], gives: [[]]),
      ShapeCase("EuclideanLoss", [[4, 2, 3], [4, 6]], gives: [[]]),
      ShapeCase(
        "EuclideanLoss", [[4, 3], [4, 2]],
        refuses: "prediction 4x3 and target 4x2 differ in size"),
      ShapeCase(
        "EuclideanLoss", [[2, 6], [4, 3]],
        refuses: "prediction 2x6 and target 4x3 differ in size"),
      ShapeCase(
        "EuclideanLoss", [[4, 3], [4]], refuses: "prediction 4x3 and target 4 differ in size"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }
}
