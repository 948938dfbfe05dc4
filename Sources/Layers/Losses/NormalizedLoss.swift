internal import Kernels
internal import Plans
package import Tensors
internal import YAML

/// What the sum of a loss over its positions is divided by.
package enum LossNormalization: String, FieldChoice {
  /// The positions that count, each with its weight.
  case valid = "VALID"
  /// All positions.
  case full = "FULL"
  /// The examples.
  case batchSize = "BATCH_SIZE"
  /// 1: the sum, of a test over all its examples.
  case none = "NONE"

  var divisor: LossDivisor {
    switch self {
    case .valid: .valid
    case .full: .positions
    case .batchSize: .examples
    case .none: .one
    }
  }
}

/// A loss that is a sum over positions, divided by what `normalization` says; a divisor of 0 counts as 1.
package protocol NormalizedLoss: Loss {
  var normalization: LossNormalization { get }
}

extension NormalizedLoss {
  package func statisticCount(_ inputs: [Shape]) -> Int { LossSums.count }
  package func value(of statistics: [Double]) -> Double {
    normalization.divisor.loss(of: statistics)
  }

  /// Records one kernel that makes the gradient of a bottom, times `weight`, if the bottom needs one.
  ///
  /// - Parameter reads: what the kernel reads beside the sums.
  func recordGradient(
    _ name: String, ofBottom bottom: Int, reads: [Slot], _ weight: Double, _ pass: BackwardPass,
    _ plan: inout PlanBuilder,
    _ makeKernel: @escaping @Sendable (Binding, LossScale, FloatView) -> any Kernel
  ) {
    guard let gradient = pass.inputGradients[bottom] else { return }
    recordGradient(name, to: gradient, reads: reads, weight, pass, &plan, makeKernel)
  }

  /// Records one kernel that makes the gradient of a bottom, times `weight`.
  func recordGradient(
    _ name: String, to gradient: Slot, reads: [Slot], _ weight: Double, _ pass: BackwardPass,
    _ plan: inout PlanBuilder,
    _ makeKernel: @escaping @Sendable (Binding, LossScale, FloatView) -> any Kernel
  ) {
    let (sums, divisor) = (pass.outputs[0], normalization.divisor)
    plan.record(name, reads: reads + [sums], writes: [gradient]) { binding in
      makeKernel(
        binding, LossScale(binding.doubles(sums), divisor, weight: weight),
        binding.floats(gradient))
    }
  }
}

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

extension Field {
  /// `axis` of a loss or metric.
  static func classAxis(_ path: any WritableKeyPath<Owner, Int> & Sendable) -> Field {
    .optional("axis", path, "The axis of the classes; negative counts from the end.")
  }

  /// `ignore_label`.
  static func ignoredLabel(_ path: any WritableKeyPath<Owner, Int?> & Sendable) -> Field {
    .optional(
      "ignore_label", path, .given(.within(-1_000_000...1_000_000)),
      "The label of positions that do not count. Default: all count.")
  }

  /// `normalization`.
  static func normalization(
    _ path: any WritableKeyPath<Owner, LossNormalization> & Sendable
  ) -> Field {
    .optional(
      "normalization", path,
      "What the sum is divided by: the positions that count, all, the examples, or nothing.")
  }

  /// `log_floor`.
  static func logFloor(_ path: any WritableKeyPath<Owner, Double> & Sendable) -> Field {
    .optional(
      "log_floor", path, .within(0...1),
      "The least probability whose logarithm is taken; a smaller one counts as it.")
  }

  /// Numbers for each class.
  static func classNumbers(
    _ name: String, _ path: any WritableKeyPath<Owner, [Double]?> & Sendable, _ summary: String
  ) -> Field {
    .optional(name, path, .given(.each(.within(0...1e6))), summary)
  }
}
