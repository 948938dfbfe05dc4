internal import Fields
package import LayerKernels
package import Plans
package import Tensors

/// A layer that normalizes rows of each example: y = (x − μ)/√(σ² + ε) · weight + bias.
///
/// ∂x = factor · (g − mean g − n · mean (g·n)), with n = (x − μ)·factor, factor = 1/√(σ² + ε) and g
/// = ∂y·weight. ∂weight = Σ ∂y·n and ∂bias = Σ ∂y.
///
/// Rows belong to single examples, so that training and testing are the same.
package protocol RowNormalizing: Layer {
  /// Returns the rows in `examples` examples of a checked shape.
  func rows(of input: Shape, examples: Int) -> NormalizedRows
}

extension RowNormalizing {
  package var removesScale: Bool { true }

  /// Checks that a row has more than one value, and that the saved moments are not too many.
  ///
  /// - Throws: ``ShapeFailure`` with the reason.
  func checkRows(_ input: Shape) throws(ShapeFailure) {
    let form = rows(of: input, examples: 1)
    guard form.width > 1 || !form.subtractsMean else {
      throw ShapeFailure(
        "each mean covers only one value, so that the result is always 0; expected at least 2 values "
          + "to normalize")
    }
    let (count, overflows) = form.rows.multipliedReportingOverflow(
      by: NormalizedRows.savedWidth)
    guard !overflows, Shape(checking: [input[0], count]) != nil else {
      throw ShapeFailure("the rows to normalize are too many to count")
    }
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    8 * Double(inputs[0].count)
  }

  /// Records the output, and returns the slot with the moments of each row.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot {
    let (x, y, shape, layer) = (pass.inputs[0], pass.outputs[0], pass.inputShapes[0], self)
    let (weight, bias) = (pass.parameters.first?.value, pass.parameters.dropFirst().first?.value)
    let saved = plan.batchSlot(
      "moments",
      Shape([shape[0], rows(of: shape, examples: 1).rows * NormalizedRows.savedWidth]))
    plan.record(
      "normalization", reads: [x] + [weight, bias].compactMap { $0 }, writes: [y, saved]
    ) { binding in
      rowNormalization(
        layer.rows(of: shape, examples: binding.examples.count), binding.floats(x),
        weight: weight.map(binding.floats), bias: bias.map(binding.floats), to: binding.floats(y),
        saved: binding.floats(saved))
    }
    return saved
  }

  /// Records ∂weight and ∂bias as sums over the batch, and ∂x.
  package func backward(_ pass: inout BackwardPass, _ saved: Slot, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let (x, shape, layer) = (pass.inputs[0], pass.inputShapes[0], self)
    for (number, gradient) in pass.parameterGradients.enumerated() {
      guard let gradient else { continue }
      plan.sumOverSlices(gradient) { builder, part in
        builder.record(
          "normalization parameter gradient", reads: [x, saved, dy], writes: [part]
        ) { binding in
          let part = binding.floats(part)
          return normalizationParameterGradient(
            layer.rows(of: shape, examples: binding.examples.count), binding.floats(x),
            saved: binding.floats(saved), dy: binding.floats(dy),
            weightGradient: number == 0 ? part : nil, biasGradient: number == 0 ? nil : part)
        }
      }
    }
    guard let dx = pass.inputGradients[0] else { return }
    let weight = pass.parameters.first?.value
    plan.record(
      "normalization gradient", reads: [x, saved, dy] + (weight.map { [$0] } ?? []), writes: [dx]
    ) { binding in
      rowNormalizationGradient(
        layer.rows(of: shape, examples: binding.examples.count), binding.floats(x),
        weight: weight.map(binding.floats), saved: binding.floats(saved), dy: binding.floats(dy),
        to: binding.floats(dx))
    }
  }
}

/// Returns the filler of factors: the constant 1.
func ones() -> FillerField {
  var filler = Constant()
  filler.value = 1
  return FillerField(filler)
}
