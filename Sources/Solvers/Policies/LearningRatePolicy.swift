package import Fields
internal import YAML

/// A rule that derives the learning rate from the iteration.
package protocol LearningRatePolicy: CatalogType {
  /// The rate of update `iteration`, counted from 0, for the base rate `base`.
  ///
  /// The rate depends on the arguments alone, so that a resumed training needs no state of the
  /// policy.
  ///
  /// - Parameter training: the length of the training and of its epochs, which converts durations.
  func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double

  /// Whether the policy ends with the training. A change of the training's length then changes
  /// earlier rates.
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

/// A policy whose rate follows a measured metric instead of the iteration.
package protocol MeasuredPolicy: LearningRatePolicy {
  /// The metric's column of the history, such as `loss` or `test_accuracy`.
  var metric: String { get }

  /// Updates the rate after a test that measured `value`.
  func observe(_ value: Double, isBetterWhenGreater: Bool, _ rate: inout MeasuredRate)
}

/// The state of a measured policy between tests.
package struct MeasuredRate: Sendable, Equatable {
  /// The current learning rate.
  package var rate: Double
  /// The best value so far. Nil before the first test.
  package var best: Double?
  /// The number of successive tests without improvement.
  package var badTests = 0
  /// The number of tests that the cooldown still ignores.
  package var restingTests = 0

  /// Makes the state before the first test, with the rate of the first iteration.
  package init(rate: Double) { self.rate = rate }
}

/// All policies, one line each.
package enum PolicyCatalog: FieldCatalog {
  package static let all = Catalog<any LearningRatePolicy>(
    of: "learning-rate policy",
    [
      entry(Fixed.self),
      entry(Step.self),
      entry(MultiStep.self),
      entry(Exponential.self),
      entry(Inverse.self),
      entry(Polynomial.self),
      entry(SigmoidRise.self),
      entry(LinearDecay.self),
      entry(Cosine.self),
      entry(OneCycle.self),
      entry(InverseSquareRoot.self),
      entry(Plateau.self),
    ])

  private static func entry<Type: LearningRatePolicy>(
    _ type: Type.Type
  ) -> Catalog<any LearningRatePolicy>.Entry {
    Catalog.Entry(type) { $0 }
  }

  package static func catalogType(_ policy: any LearningRatePolicy) -> any CatalogType { policy }
}

/// A policy as a field of the solver, such as `fixed` or `{type: step, gamma: 0.1, stepsize:
/// 1000}`.
package typealias PolicyField = CatalogField<PolicyCatalog>
