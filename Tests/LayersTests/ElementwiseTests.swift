import Kernels
import Layers
import Oracles
import Plans
import Tensors
import Testing

/// Tests common properties of ReLU, Sigmoid and TanH: equal shapes, no parameters, and fusion.
@Suite("Elementwise layers") struct ElementwiseTests {
  struct Case: CustomTestStringConvertible {
    let yaml: String
    let function: Nonlinearity

    var testDescription: String { yaml }
  }

  @Test(
    "keep the shape, and record a function that can be fused",
    arguments: [
      Case(yaml: "ReLU", function: .relu(slope: 0)),
      Case(yaml: "{type: ReLU, negative_slope: 0.25}", function: .relu(slope: 0.25)),
      Case(yaml: "Sigmoid", function: .sigmoid), Case(yaml: "TanH", function: .tanh),
    ])
  func recording(test: Case) throws {
    let layer = try LayerCatalog.all.decoded(test.yaml)
    let shape = Shape([2, 3, 4])
    #expect(try layer.outputShapes([shape]) == [shape])
    #expect(layer.parameters([shape]).isEmpty)
    #expect(!layer.isView)
    var builder = PlanBuilder(batchSize: 2, sliceCount: 1)
    let (x, y) = (builder.batchSlot("x", shape), builder.batchSlot("y", shape))
    let forward = ForwardPass(
      inputs: [x], [shape], outputs: [y], [shape],
      phase: LayerPhase(objectiveBatchSize: 2, fullBatchSize: 2))
    let recorded = RecordedLayer(layer, forward, &builder)
    let operation = try #require(builder.operations.first)
    guard case .primitive(let request) = operation.work else {
      Issue.record("recorded \(operation.name)")
      return
    }
    let shapeOfWork = request.shape(Part(examples: 0..<2)) as? NonlinearityShape
    #expect(shapeOfWork == NonlinearityShape(test.function, count: 24))
    #expect(operation.reads == [x] && operation.writes == [y])
    // Backward reads only the output, so that the plan can reuse the input's memory.
    let (dx, dy) = (builder.batchSlot("dx", shape), builder.batchSlot("dy", shape))
    func backward(_ dy: Slot?, to dx: Slot?) {
      var pass = BackwardPass(forward, outputGradients: [dy], inputGradients: [dx])
      recorded.backward(&pass, &builder)
    }
    backward(dy, to: dx)
    #expect(builder.operations.last?.reads == [y, dy])
    #expect(builder.operations.last?.writes == [dx])
    // Nothing is recorded if the input needs no gradient, or if no loss depends on the output.
    backward(dy, to: nil)
    backward(nil, to: dx)
    #expect(builder.operations.count == 2)
  }
}
