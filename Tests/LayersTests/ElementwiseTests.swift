import Kernels
import Layers
import Oracles
import Plans
import Tensors
import Testing

/// What ReLU, Sigmoid and TanH share: one shape, no parameters, a function that a product can take.
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
    var pass = LayerPass(
      inputShapes: [shape], outputShapes: [shape], inputs: [x], outputs: [y], parameters: [],
      lossWeight: 1, statistics: (y, y))
    layer.forward(&pass, &builder)
    let operation = try #require(builder.operations.first)
    guard case .primitive(let request) = operation.work else {
      Issue.record("recorded \(operation.name)")
      return
    }
    let recorded = request.shape(Part(examples: 0..<2)) as? NonlinearityShape
    #expect(recorded == NonlinearityShape(test.function, count: 24))
    #expect(operation.reads == [x] && operation.writes == [y])
    // Backward needs the output alone: the input's memory is free by then.
    let (dx, dy) = (builder.batchSlot("dx", shape), builder.batchSlot("dy", shape))
    (pass.outputGradients, pass.inputGradients) = ([dy], [dx])
    layer.backward(&pass, &builder)
    #expect(builder.operations.last?.reads == [y, dy])
    #expect(builder.operations.last?.writes == [dx])
    // Nobody needs the gradient, or no loss depends on the output.
    pass.inputGradients = [nil]
    layer.backward(&pass, &builder)
    (pass.outputGradients, pass.inputGradients) = ([nil], [dx])
    layer.backward(&pass, &builder)
    #expect(builder.operations.count == 2)
  }
}
