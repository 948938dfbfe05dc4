import Fields
import Kernels
import Layers
import Oracles
import Plans
import Tensors
import Testing
import Threads
import YAML

@Suite("Elementwise layers with loops of their own") struct ElementwiseLayerTests {
  /// Every elementwise layer of the catalogue with its defaults, and the forms of `Power`.
  static let examples =
    LayerCatalog.all.entries.filter { $0.type is any ElementwiseLayer.Type }.map(\.reference.name)
    + ["{type: Power, power: 2}", "{type: Power, power: 3}", "{type: Power, power: 0}"]

  @Test("keep shape and layout, and read one tensor backward", arguments: examples)
  func recording(yaml: String) throws {
    let example = yaml == "Clip" ? "{type: Clip, min: 0, max: 1}" : yaml
    let layer = try LayerCatalog.all.decoded(example)
    let function = try #require(layer as? any ElementwiseLayer).function
    let shape = Shape([2, 16, 4])
    #expect(try layer.outputShapes([shape]) == [shape])
    #expect(layer.parameters([shape]).isEmpty)
    for layout in [TensorLayout.plain, .channelsLast] {
      #expect(
        layer.layouts([shape], given: [layout], topCount: 1)
          == LayerLayouts(inputs: [layout], outputs: [layout]))
    }
    var builder = PlanBuilder(batchSize: 2, sliceCount: 1)
    let (x, y) = (builder.batchSlot("x", shape), builder.batchSlot("y", shape))
    let forward = ForwardPass(
      inputs: [x], [shape], outputs: [y], [shape],
      phase: LayerPhase(objectiveBatchSize: 2, fullBatchSize: 2))
    let recorded = RecordedLayer(layer, forward, &builder)
    #expect(builder.operations.map(\.reads) == [[x]])
    // A function that is expensive to derive writes its derivative beside y.
    let written = try #require(builder.operations.first).writes
    #expect(written.first == y && written.count == (function.keepsDerivative ? 2 : 1))
    let kept = function.keepsDerivative ? written[1] : function.derivesFromOutput ? y : x
    let (dx, dy) = (builder.batchSlot("dx", shape), builder.batchSlot("dy", shape))
    func backward(_ dy: Slot?, to dx: Slot?) {
      var pass = BackwardPass(forward, outputGradients: [dy], inputGradients: [dx])
      recorded.backward(&pass, &builder)
    }
    backward(dy, to: dx)
    #expect(builder.operations.last?.reads == [kept, dy])
    #expect(builder.operations.last?.writes == [dx])
    // Nothing is recorded if the input needs no gradient, or if no loss depends on the output.
    backward(dy, to: nil)
    backward(nil, to: dx)
    #expect(builder.operations.count == 2)
  }

  /// The gradient of a constant function is 0, and the zeros overwrite previous values.
  @Test("pass no gradient through a threshold")
  func threshold() throws {
    let run = LayerRun(
      layers: [try LayerCatalog.all.decoded("{type: Threshold, threshold: 0.5}")],
      inputs: [Tensor([2, 2], [0.5, 0.6, -1, 2])], parameters: [[]],
      outputGradients: [[1, 2, 3, 4]], needsGradients: [true])
    let results = try run.run(on: Workers(count: 1))
    #expect(results.output == [0, 1, 0, 1])
    #expect(results.inputGradients == [[0, 0, 0, 0]])
  }

  @Test(
    "refuse fields that are out of range or contradict each other",
    arguments: zip(
      [
        "{type: Clip, min: 2, max: 1}", "{type: Clip, min: 2}", "{type: Log, base: 1}",
        "{type: Log, base: 0}", "{type: Exp, base: -2}", "{type: ELU, alpha: -1}",
        "{type: GELU, approximate: fast}", "{type: Power, power: 1e7}", "{type: Swish, beta: text}",
        "{type: Dropout, dropout_ratio: 1}", "{type: SpatialDropout, dropout_ratio: -0.1}",
        "{type: DropConnect, num_output: 1, dropconnect_ratio: 1.5}",
        "{type: GaussianNoise, std: -1}", "{type: Scale, num_axes: -2}",
      ],
      [
        "layer Clip: min 2 is above max 1",
        "layer Clip: 'max' is missing: expected a number from -1e+30 to 1e+30",
        "layer Log: base: expected a base other than 1, because all powers of 1 are 1",
        "base: expected -1 (e), or a number from 1e-06 to 1000000, received '0'",
        "base: expected -1 (e), or a number from 1e-06 to 1000000, received '-2'",
        "alpha: expected a number from 0 to 1000000, received '-1'",
        "approximate: expected one of none, tanh, received 'fast'",
        "power: expected a number from -1000000 to 1000000, received '1e7'",
        "beta: expected a number from -1000000 to 1000000, received 'text'",
        "dropout_ratio: expected a number from 0 to below 1, received '1'",
        "dropout_ratio: expected a number from 0 to below 1, received '-0.1'",
        "dropconnect_ratio: expected a number from 0 to below 1, received '1.5'",
        "std: expected a number from 0 to 1000000, received '-1'",
        "num_axes: expected an integer of at least -1, received '-2'",
      ]))
  func fields(yaml: String, message: String) {
    let diagnostics = #expect(throws: Diagnostics.self) { try LayerCatalog.all.decoded(yaml) }
    #expect(diagnostics?.all.map(\.message) == [message])
  }

  @Test("have Caffe's defaults, and current names as aliases")
  func defaults() throws {
    let fields = try #require(LayerCatalog.all.entry(named: "PReLU")).fields
    #expect(fields.first?.defaultValue?["value"]?.scalar?.text == "0.25")
    let scale = try #require(LayerCatalog.all.entry(named: "Scale")).fields
    #expect(scale.first { $0.name == "filler" }?.defaultValue?["value"]?.scalar?.text == "1")
    #expect(LayerCatalog.all.entry(named: "Softplus")?.reference.name == "BNLL")
    #expect(LayerCatalog.all.entry(named: "SiLU")?.reference.name == "Swish")
  }
}
