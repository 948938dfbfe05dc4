import Layers
import Oracles
import Plans
import Tensors
import Testing

@Suite("Accuracy") struct AccuracyTests {
  @Test(
    "needs a class for each position",
    arguments: [
      ShapeCase("Accuracy", [[4, 3], [4]], gives: [[]]),
      ShapeCase("{type: Accuracy, axis: -1}", [[4, 2, 3], [4, 2]], gives: [[]]),
      ShapeCase(
        "Accuracy", [[4, 3], [3]],
        refuses: "scores 4x3 need labels 4 (one class for each position) or 4x3 "
          + "(probabilities), received 3"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("is the share of all examples, for any division into batches")
  func merging() {
    // 1 of 2 and 8 of 8 are right. The mean of the batches' values would be 0.75.
    #expect(Accuracy().value(of: [9, 10]) == 0.9)
    #expect(Accuracy().value(of: [0, 0]) == 0)
    #expect(Accuracy().isBetterWhenGreater)
  }

  @Test("has no gradient")
  func noGradient() {
    var builder = PlanBuilder(batchSize: 1, sliceCount: 1)
    let x = builder.batchSlot("x", Shape([1, 3]))
    let label = builder.batchSlot("label", Shape([1]))
    let pass = ForwardPass(
      inputs: [x, label], [Shape([1, 3]), Shape([1])],
      outputs: [builder.statistics("sums", count: 2).total], [.scalar],
      phase: LayerPhase(objectiveBatchSize: 1, fullBatchSize: 1))
    for metric in [Accuracy() as any Layer, MAE()] {
      let recorded = RecordedLayer(metric, pass, &builder)
      let count = builder.operations.count
      var gradients = BackwardPass(
        pass, outputGradients: [nil],
        inputGradients: [builder.batchSlot("∂x", Shape([1, 3])), nil])
      recorded.backward(&gradients, &builder)
      #expect(builder.operations.count == count)
    }
  }
}
