internal import Kernels
internal import LayerKernels
internal import Plans
internal import Tensors

extension ClassScoring {
  /// Returns a reader of the labels of a slice, with the weights of the examples.
  func classLabels(_ pass: ForwardPass) -> @Sendable (Binding) -> ClassLabels {
    classLabels(pass, weights: pass.weightReader)
  }

  /// Returns a reader of the labels of a slice, without the weights. The gradients of all losses
  /// get the weights in the same way.
  func classLabels(_ pass: BackwardPass) -> @Sendable (Binding) -> ClassLabels {
    classLabels(pass.forward, weights: { _ in .equal })
  }

  private func classLabels(
    _ pass: ForwardPass, weights: @escaping @Sendable (Binding) -> ExampleWeights
  ) -> @Sendable (Binding) -> ClassLabels {
    let (label, shape, axis) = (pass.inputs[1], pass.inputShapes[0], axis)
    let (ignored, areProbabilities) = (ignoredLabel, readsProbabilities(pass.inputShapes))
    return { binding in
      ClassLabels(
        binding.floats(label), shape.extent(ofAxis: axis, examples: binding.examples.count),
        examples: binding.examples.count, areProbabilities: areProbabilities, ignoring: ignored,
        weights: weights(binding))
    }
  }

  /// Returns a reader of the target probabilities of a slice, with the weights of the examples.
  func classProbabilities(_ pass: ForwardPass) -> @Sendable (Binding) -> ClassProbabilities {
    classProbabilities(pass, weights: pass.weightReader)
  }

  /// Returns a reader of the target probabilities of a slice, without the weights.
  func classProbabilities(_ pass: BackwardPass) -> @Sendable (Binding) -> ClassProbabilities {
    classProbabilities(pass.forward, weights: { _ in .equal })
  }

  private func classProbabilities(
    _ pass: ForwardPass, weights: @escaping @Sendable (Binding) -> ExampleWeights
  ) -> @Sendable (Binding) -> ClassProbabilities {
    let (targets, shape, axis) = (pass.inputs[1], pass.inputShapes[0], axis)
    return { binding in
      ClassProbabilities(
        binding.floats(targets), shape.extent(ofAxis: axis, examples: binding.examples.count),
        examples: binding.examples.count, weights: weights(binding))
    }
  }

  /// Returns the reason why a list with one number for each class gives no loss. Nil if it gives a
  /// loss.
  func inconsistency(of values: [Double]?, _ name: String) -> String? {
    guard let values, values.allSatisfy({ $0 == 0 }) else { return nil }
    return "\(name): expected a number above 0: with 0 for all classes the loss is constant"
  }

  /// Checks that the list has one number for each class. An empty list is accepted.
  ///
  /// - Throws: ``ShapeFailure`` with the expected and the received count.
  func checkCount(_ values: [Double], _ name: String, _ scores: Shape) throws(ShapeFailure) {
    guard let classes = classCount(scores), !values.isEmpty, values.count != classes else { return }
    throw ShapeFailure(
      "\(name): expected \(classes) numbers, one for each class, received \(values.count)")
  }
}
