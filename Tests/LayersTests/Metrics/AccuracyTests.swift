import Layers
import Oracles
import Plans
import Testing

@Suite("Accuracy") struct AccuracyTests {
  @Test(
    "needs a class for each position",
    arguments: [
      ShapeCase("Accuracy", [[4, 3], [4]], gives: [[]]),
      ShapeCase("{type: Accuracy, axis: -1}", [[4, 2, 3], [4, 2]], gives: [[]]),
      ShapeCase(
        "Accuracy", [[4, 3], [3]],
        refuses: "scores 4x3 need labels 4 (one class for each position), received 3"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("is the share of all examples, whatever the batches they came in")
  func merging() {
    // 1 of 2 and 8 of 8: the mean of the batches' values would be 0.75.
    #expect(Accuracy().value(of: [9, 10]) == 0.9)
    #expect(Accuracy().value(of: [0, 0]) == 0)
    #expect(Accuracy().isBetterWhenGreater)
  }

  @Test("has no gradient")
  func noGradient() {
    var builder = PlanBuilder(batchSize: 1, sliceCount: 1)
    let (total, part) = builder.statistics("sums", count: 2)
    var pass = LayerPass(
      inputShapes: [], outputShapes: [], inputs: [], outputs: [total], parameters: [],
      lossWeight: 1, statistics: (part, total))
    Accuracy().backward(&pass, &builder)
    R2().backward(&pass, &builder)
    #expect(builder.operations.isEmpty)
  }
}
