import Kernels
import Layers
import Oracles
import Tensors
import Testing

@Suite("Scale, Bias and PReLU") struct ScaleTests {
  private static func cases(of type: String) -> [ShapeCase] {
    [
      ShapeCase(type, [[2, 3]], gives: [[2, 3]]),
      ShapeCase("{type: \(type), axis: -1}", [[2, 3, 4]], gives: [[2, 3, 4]]),
      ShapeCase("{type: \(type), num_axes: 0}", [[5]], gives: [[5]]),
      ShapeCase("{type: \(type), num_axes: -1}", [[2, 3, 4]], gives: [[2, 3, 4]]),
      ShapeCase("{type: \(type), axis: 0}", [[2, 3, 4], [2, 3]], gives: [[2, 3, 4]]),
      ShapeCase(
        "{type: \(type), axis: 0}", [[2, 3]],
        refuses: """
          axis 0 counts the examples of the batch, which share all parameters; expected \
          an axis of an example
          """),
      ShapeCase(
        "{type: \(type), axis: -2}", [[2, 3]],
        refuses: """
          axis 0 counts the examples of the batch, which share all parameters; expected \
          an axis of an example
          """),
      ShapeCase(
        "{type: \(type), axis: 3}", [[2, 3, 4]],
        refuses: "axis 3 is not one of the axes 1 to 2 of an example"),
      ShapeCase(
        "{type: \(type), axis: -9223372036854775808}", [[2, 3, 4]],
        refuses: "axis -9223372036854775808 is not one of the axes 1 to 2 of an example"),
      ShapeCase(
        "{type: \(type), axis: 2, num_axes: 2}", [[2, 3, 4]],
        refuses: "num_axes 2 from axis 2 on goes beyond the last axis 2"),
      ShapeCase(
        "{type: \(type), num_axes: 9223372036854775807}", [[2, 3, 4]],
        refuses: "num_axes 9223372036854775807 from axis 1 on goes beyond the last axis 2"),
      ShapeCase(type, [[2, 0, 4]], refuses: "the axes 1 to 1 are empty"),
      ShapeCase(
        type, [[2, 3, 4], [2, 3]],
        refuses: """
          with two bottoms expected axis 0, since the first axis of both counts the examples; \
          received axis 1
          """),
      ShapeCase(
        "{type: \(type), axis: 0}", [[2, 3, 4], [2, 4]],
        refuses: "the second bottom is 2x4: expected the first axes of 2x3x4"),
      ShapeCase(
        "{type: \(type), axis: 0}", [[2, 3], [2, 3, 1]],
        refuses: "the second bottom is 2x3x1: expected the first axes of 2x3"),
    ]
  }

  private static let others: [ShapeCase] = [
    ShapeCase(
      "{type: Scale, axis: 0, bias_term: true}", [[2, 3], [2, 3]],
      refuses: """
        bias_term: with two bottoms each example would have its own bias, but all examples share \
        the parameters; expected a layer of type Bias after this layer
        """),
    ShapeCase("PReLU", [[2, 3, 4]], gives: [[2, 3, 4]]),
    ShapeCase("{type: PReLU, channel_shared: true}", [[2]], gives: [[2]]),
    ShapeCase("PReLU", [[2]], refuses: "expected [N, channels, …] with at least one channel"),
    ShapeCase(
      "PReLU", [[2, 0]], refuses: "expected [N, channels, …] with at least one channel"),
    ShapeCase("SpatialDropout", [[2]], refuses: "expected [N, channels, …]"),
  ]

  @Test(
    "keep the shape, and refuse axes that learned numbers cannot span",
    arguments: cases(of: "Scale") + cases(of: "Bias") + others)
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("declare parameters with the shape of the spanned axes")
  func parameters() throws {
    let shape = Shape([2, 3, 4, 5])
    for (fields, axes) in [
      ("", [3]), (", axis: -2", [4]), (", num_axes: 2", [3, 4]), (", num_axes: -1", [3, 4, 5]),
      (", axis: 2, num_axes: -1", [4, 5]), (", num_axes: 0", [1]),
    ] {
      let scale = try LayerCatalog.all.decoded("{type: Scale, bias_term: true\(fields)}")
      #expect(scale.parameters([shape]).map(\.name) == ["weight", "bias"])
      #expect(scale.parameters([shape]).map(\.shape) == [Shape(axes), Shape(axes)])
      let bias = try LayerCatalog.all.decoded("{type: Bias\(fields)}")
      #expect(bias.parameters([shape]).map(\.shape) == [Shape(axes)])
    }
    let second = try LayerCatalog.all.decoded("{type: Scale, axis: 0}")
    #expect(second.parameters([shape, Shape([2])]).isEmpty)
    #expect(try LayerCatalog.all.decoded("PReLU").parameters([shape])[0].shape == Shape([3]))
  }

  @Test("keep the layout if each number belongs to a channel, and use plain tensors otherwise")
  func layouts() throws {
    let shape = Shape([2, 16, 3, 3])
    func layouts(_ yaml: String, _ inputs: [Shape]) throws -> [TensorLayout] {
      let given = inputs.map { _ in TensorLayout.channelsLast }
      return try LayerCatalog.all.decoded(yaml).layouts(inputs, given: given, topCount: 1).inputs
    }
    #expect(try layouts("Scale", [shape]) == [.channelsLast])
    #expect(try layouts("Bias", [shape]) == [.channelsLast])
    #expect(try layouts("PReLU", [shape]) == [.channelsLast])
    #expect(try layouts("{type: Scale, axis: 2}", [shape]) == [.plain])
    #expect(
      try layouts("{type: Scale, axis: 0}", [shape, Shape([2, 16])]) == [.channelsLast, .plain])
    #expect(try layouts("{type: Scale, axis: 0}", [shape, Shape([2])]) == [.plain, .plain])
  }
}
