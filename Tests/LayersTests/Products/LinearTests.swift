import Kernels
import Layers
import Oracles
import Plans
import Tensors
import Testing
import YAML

@Suite("Linear") struct LinearTests {
  @Test(
    "reads any example as one row",
    arguments: [
      ShapeCase("{type: Linear, num_output: 10}", [[20, 2]], gives: [[20, 10]]),
      ShapeCase("{type: InnerProduct, num_output: 1}", [[3, 4, 5, 6]], gives: [[3, 1]]),
      ShapeCase("{type: Linear, num_output: 7, axis: 2}", [[3, 4, 5, 6]], gives: [[3, 4, 7]]),
      ShapeCase("{type: Linear, num_output: 7, axis: -1}", [[3, 4, 5, 6]], gives: [[3, 4, 5, 7]]),
      ShapeCase(
        "{type: Linear, num_output: 7, axis: 0}", [[3, 4]],
        refuses: "axis 0 is not one of the axes 1 to 1 of an example, or is empty"),
      ShapeCase(
        "{type: Linear, num_output: 2}", [[7]],
        refuses: "expected [N, …] with at least one value in each example"),
      ShapeCase(
        "{type: Linear, num_output: 2}", [[7, 0]],
        refuses: "expected [N, …] with at least one value in each example"),
      ShapeCase(
        "{type: Linear, num_output: 2147483647}", [[1 << 40, 2]],
        refuses: "2147483647 outputs are too many to count"),
      ShapeCase(
        "{type: Linear, num_output: 2147483647}", [[1, 1 << 40]],
        refuses: "2147483647 outputs are too many to count"),
    ])
  func shapes(test: ShapeCase) throws {
    #expect(try test.received() == test.outcome)
  }

  @Test("has a weight [out, in], stored along its longer axis, and a bias [out]")
  func parameters() throws {
    let wide = try LayerCatalog.all.decoded("{type: Linear, num_output: 100}")
    let declared = wide.parameters([Shape([20, 3, 4])])
    #expect(declared.map(\.name) == ["weight", "bias"])
    #expect(declared.map(\.shape) == [Shape([100, 12]), Shape([100])])
    #expect(declared.map(\.order) == [.columnMajor, .rowMajor])
    let turned = try LayerCatalog.all.decoded(
      "{type: Linear, num_output: 100, axis: 2, transpose: true}")
    #expect(turned.parameters([Shape([20, 3, 4])])[0].shape == Shape([4, 100]))
    #expect(turned.parameters([Shape([20, 3, 4])])[0].order == .rowMajor)
    #expect(turned.parameters([Shape([20, 3, 101])])[0].order == .columnMajor)
    let narrow = try LayerCatalog.all.decoded("{type: Linear, num_output: 12, bias_term: false}")
    #expect(narrow.parameters([Shape([20, 12])]).map(\.order) == [.rowMajor])
    #expect(narrow.parameters([Shape([20, 12])]).map(\.name) == ["weight"])
  }

  @Test("has xavier weights and zero biases by default")
  func fillers() throws {
    let plain = try LayerCatalog.all.decoded("{type: Linear, num_output: 5}")
    #expect(plain.parameters([Shape([1, 2])])[0].filler is Xavier)
    #expect(plain.parameters([Shape([1, 2])])[1].filler is Constant)
    let filled = try LayerCatalog.all.decoded(
      "{type: Linear, num_output: 5, weight_filler: msra, bias_filler: {type: uniform}}")
    #expect(filled.parameters([Shape([1, 2])])[0].filler is MSRA)
    #expect(filled.parameters([Shape([1, 2])])[1].filler is Uniform)
  }

  @Test("counts a multiply-add as two operations")
  func flops() throws {
    let layer = try LayerCatalog.all.decoded("{type: Linear, num_output: 10}")
    #expect(layer.flops([Shape([20, 3])], [Shape([20, 10])]) == 1_200)
  }

  @Test(
    "refuses values out of range, at their place",
    arguments: zip(
      ["num_output: 0", "num_output: 2147483648", "num_output: 1.5", "bias_term: true"],
      [
        "num_output: expected an integer from 1 to 2147483647, received '0'",
        "num_output: expected an integer from 1 to 2147483647, received '2147483648'",
        "num_output: expected an integer from 1 to 2147483647, received '1.5'",
        "layer Linear: 'num_output' is missing: expected an integer from 1 to 2147483647",
      ]))
  func fields(field: String, message: String) {
    let diagnostics = #expect(throws: Diagnostics.self) {
      try LayerCatalog.all.decoded("{type: Linear, \(field)}")
    }
    #expect(diagnostics?.all.map(\.message) == [message])
    #expect(diagnostics?.all.first?.mark.column == (field.hasPrefix("num") ? 28 : 1))
  }

  /// Frozen parameters, and inputs that are data, need no gradients.
  @Test("records only the requested gradients", arguments: 0..<8)
  func neededGradients(mask: Int) throws {
    let layer = try LayerCatalog.all.decoded("{type: Linear, num_output: 4}")
    var builder = PlanBuilder(batchSize: 3, sliceCount: 1)
    let (x, y) = (builder.batchSlot("x", Shape([3, 2])), builder.batchSlot("y", Shape([3, 4])))
    let dy = builder.batchSlot("dy", Shape([3, 4]))
    let declarations = layer.parameters([Shape([3, 2])])
    let forward = ForwardPass(
      inputs: [x], [Shape([3, 2])], outputs: [y], [Shape([3, 4])],
      parameters: declarations.map {
        ParameterTensor(value: builder.externalSlot($0.name, $0.shape, nil), order: $0.order)
      }, phase: LayerPhase(objectiveBatchSize: 3, fullBatchSize: 3))
    let recorded = RecordedLayer(layer, forward, &builder)
    let forwardCount = builder.operations.count
    let parameterGradients = declarations.enumerated().map { index, declaration in
      mask & 1 << index == 0
        ? nil : builder.externalSlot("∂\(declaration.name)", declaration.shape, nil)
    }
    let dx = mask & 4 == 0 ? nil : builder.batchSlot("dx", Shape([3, 2]))
    var pass = BackwardPass(
      forward, outputGradients: [dy], inputGradients: [dx],
      parameterGradients: parameterGradients)
    recorded.backward(&pass, &builder)
    let written = builder.operations[forwardCount...].flatMap(\.writes)
    let wanted = (parameterGradients + pass.inputGradients).compactMap { $0 }
    #expect(Set(written) == Set(wanted))
    #expect(written.count == wanted.count)
    // No loss depends on the output.
    var unreached = BackwardPass(
      forward, outputGradients: [nil], inputGradients: [dx],
      parameterGradients: parameterGradients)
    let count = builder.operations.count
    recorded.backward(&unreached, &builder)
    #expect(builder.operations.count == count)
  }
}
