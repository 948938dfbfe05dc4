import Kernels
import Layers
import Oracles
import Tensors
import Testing
import Threads
import YAML

/// Reduction, ArgMax, Eltwise, Embed and SPP.
@Suite("Layers that combine elements") struct ReducingLayerTests {
  @Test(
    "compute their shapes, and refuse shapes that do not fit",
    arguments: [
      ShapeCase("Reduction", [[2, 3, 4]], gives: [[2]]),
      ShapeCase("{type: Reduction, axis: -1}", [[2, 3, 4]], gives: [[2, 3]]),
      ShapeCase("{type: Reduction, axis: 0}", [[2, 3]], gives: [[2]]),
      ShapeCase("{type: Reduction, axis: -1}", [[2]], gives: [[2]]),
      ShapeCase(
        "{type: Reduction, axis: 0}", [[2, 0]],
        refuses: "the axes from axis 0 on are empty: expected values to reduce"
      ),
      ShapeCase(
        "{type: Reduction, axis: 2}", [[2, 3]],
        refuses: "axis 2 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase("ArgMax", [[2, 3, 4]], gives: [[2, 1, 1]]),
      ShapeCase("{type: ArgMax, top_k: 5, out_max_val: true}", [[2, 3, 4]], gives: [[2, 2, 5]]),
      ShapeCase("{type: ArgMax, axis: 1, top_k: 2}", [[2, 3, 4]], gives: [[2, 2, 4]]),
      ShapeCase(
        "{type: ArgMax, axis: 1, top_k: 4}", [[2, 3]],
        refuses: "top_k: expected at most the 3 elements, received 4"),
      ShapeCase(
        "ArgMax", [[2, 1 << 25]],
        refuses: "expected at most 16777216 elements, whose places float32 can represent exactly"),
      ShapeCase("Eltwise", [[2, 3, 4], [2, 1, 4]], gives: [[2, 3, 4]]),
      ShapeCase("Eltwise", [[2, 1, 4], [2, 3, 1]], gives: [[2, 3, 4]]),
      ShapeCase(
        "Eltwise", [[2, 3, 4], [2, 2, 4]],
        refuses: "expected bottoms whose extents are equal, or 1, along axis 1"),
      ShapeCase("Eltwise", [[2, 3, 4], [2, 3]], refuses: "expected bottoms of 3 axes"),
      ShapeCase(
        "{type: Eltwise, coeff: [1, 2, 3]}", [[2, 3], [2, 3]],
        refuses: "coeff: expected 2 numbers, one for each bottom, received 3"),
      ShapeCase(
        "Eltwise", [[1, 1 << 40, 1], [1, 1, 1 << 40]],
        refuses: "the repeated bottoms are too many values to count"),
      ShapeCase("{type: Embed, input_dim: 9, num_output: 4}", [[2, 3]], gives: [[2, 3, 4]]),
      ShapeCase("{type: Embed, input_dim: 9, num_output: 4}", [[2]], gives: [[2, 4]]),
      ShapeCase(
        "{type: Embed, input_dim: 9, num_output: 2147483647}", [[1 << 20, 1 << 20]],
        refuses: "2147483647 outputs are too many to count"),
      ShapeCase("{type: SPP, pyramid_height: 3}", [[2, 3, 8, 9]], gives: [[2, 63]]),
      ShapeCase("{type: SPP, pyramid_height: 1}", [[2, 3, 8, 9]], gives: [[2, 3]]),
      ShapeCase("{type: SPP, pyramid_height: 1}", [[2, 3]], refuses: "expected [N, C, H, W]"),
      ShapeCase(
        "{type: SPP, pyramid_height: 3}", [[2, 3, 8, 3]],
        refuses: "pyramid_height 3: images of 8x3 cannot be divided into 4x4 bins"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("refuse factors for operations other than a sum")
  func factors() {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalog.all.decoded("{type: Eltwise, operation: PROD, coeff: [1, 2]}")
    }
    #expect(
      diagnostics?.all.map(\.message) == ["layer Eltwise: coeff belongs to operation SUM, not PROD"]
    )
  }

  @Test("give zeros if the pass requests a gradient that does not exist", arguments: [1, 2])
  func noGradient(sliceCount: Int) throws {
    for yaml in ["{type: ArgMax, axis: 1}", "{type: Embed, input_dim: 3, num_output: 2}"] {
      let layer = try LayerCatalog.all.decoded(yaml)
      let input = Tensor([2, 2], [0, 1, 2, 1])
      let declared = layer.parameters([input.shape])
      let outputs = try layer.outputShapes([input.shape])
      let run = LayerRun(
        layers: [layer], inputs: [input],
        parameters: [
          declared.map { Tensor($0.shape.axes, Array(repeating: 0.5, count: $0.shape.count)) }
        ],
        outputGradients: [Array(repeating: 1, count: outputs[0].count)], needsGradients: [true],
        sliceCount: sliceCount)
      #expect(try run.run(on: Workers(count: 1)).inputGradients == [[0, 0, 0, 0]])
    }
  }

  @Test("keep the layout of bottoms with equal shapes")
  func layouts() throws {
    let layer = Eltwise()
    let shape = Shape([2, 16, 3, 3])
    let kept = layer.layouts(
      [shape, shape], given: [.channelsLast, .plain], topCount: 1)
    #expect(kept.inputs == [.channelsLast, .channelsLast] && kept.outputs == [.channelsLast])
    let repeated = layer.layouts(
      [shape, Shape([2, 16, 1, 1])], given: [.channelsLast, .channelsLast], topCount: 1)
    #expect(repeated.inputs == [.plain, .plain] && repeated.outputs == [.plain])
  }
}
