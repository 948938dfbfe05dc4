internal import Kernels
internal import Plans
internal import Tensors

extension ClassScoring {
  /// How a slice's labels are read.
  func classLabels(_ pass: ForwardPass) -> @Sendable (Binding) -> ClassLabels {
    let (label, shape, axis) = (pass.inputs[1], pass.inputShapes[0], axis)
    let ignored = ignoredLabel
    return { binding in
      ClassLabels(
        binding.floats(label), shape.extent(ofAxis: axis, examples: binding.examples.count),
        examples: binding.examples.count, ignoring: ignored)
    }
  }

  /// Why numbers of classes make no loss; nil if they do.
  func inconsistency(of values: [Double]?, _ name: String) -> String? {
    guard let values, values.allSatisfy({ $0 == 0 }) else { return nil }
    return "\(name): expected a number above 0: with 0 for all classes there is nothing to learn"
  }

  /// One number for each class.
  ///
  /// - Throws: ``ShapeFailure`` with both numbers; not where there are none.
  func checkCount(_ values: [Double], _ name: String, _ scores: Shape) throws(ShapeFailure) {
    guard let classes = classCount(scores), !values.isEmpty, values.count != classes else { return }
    throw ShapeFailure(
      "\(name): expected \(classes) numbers, one a class, received \(values.count)")
  }
}
