package import Fields
internal import YAML

/// A rule that derives the learning rate from the iteration.
package protocol LearningRatePolicy: CatalogType {
  /// Returns the learning rate of update `iteration`, counted from 0. `base` is the base rate.
  ///
  /// The rate depends on the arguments alone, so that a resumed training needs no state of the
  /// policy.
  ///
  /// - Parameter training: the length of the training and of its epochs, to convert durations.
  func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double

  /// Whether the policy ends with the training. If so, a change of the training's length also
  /// changes the rates of earlier updates.
  var endsWithTraining: Bool { get }

  /// Returns why the policy conflicts with the base rate `base`, or nil when they agree.
  func inconsistency(base: Double) -> String?
}

extension LearningRatePolicy {
  package var endsWithTraining: Bool { false }

  package func inconsistency(base: Double) -> String? { nil }

  /// Refuses a `min_lr` above `base_lr`.
  func inconsistency(ofLeast least: Double, base: Double) -> String? {
    least <= base
      ? nil
      : "lr_policy: expected a min_lr of at most base_lr \(base.encoded.scalar?.text ?? ""), "
        + "received '\(least.encoded.scalar?.text ?? "")'"
  }
}

/// A policy as a field of the solver, such as `fixed` or `{type: step, gamma: 0.1, stepsize:
/// 1000}`.
package typealias PolicyField = CatalogField<PolicyCatalog>
