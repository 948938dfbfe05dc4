package import Fields
internal import YAML

/// How the learning rate follows from the iteration.
package protocol LearningRatePolicy: CatalogType {
  /// The rate of update `iteration`, counted from 0, for a base rate of `base`.
  ///
  /// A function of its arguments alone: nothing is kept from one iteration to the next.
  ///
  /// - Parameter training: how long it is, and its epochs, by which lengths in epochs are counted.
  func rate(base: Double, iteration: Int, of training: TrainingLength) -> Double

  /// Whether the policy's end is that of the training, so that another length changes the rates before it.
  var endsWithTraining: Bool { get }

  /// What is wrong with the policy for a base rate of `base`; nil if nothing is.
  func inconsistency(base: Double) -> String?
}

extension LearningRatePolicy {
  package var endsWithTraining: Bool { false }

  package func inconsistency(base: Double) -> String? { nil }

  /// A rate that falls does not end above where it begins.
  func inconsistency(ofLeast least: Double, base: Double) -> String? {
    least <= base
      ? nil
      : "lr_policy: expected a min_lr of at most base_lr \(base.encoded.scalar?.text ?? ""), "
        + "received '\(least.encoded.scalar?.text ?? "")'"
  }
}

/// A policy whose rate follows what is measured, and not the iteration.
package protocol MeasuredPolicy: LearningRatePolicy {
  /// A column of the history: `loss`, `test_accuracy`.
  var metric: String { get }

  /// Takes in the metric of a test.
  func observe(_ value: Double, isBetterWhenGreater: Bool, _ rate: inout MeasuredRate)
}

/// All that a measured policy keeps from one test to the next.
package struct MeasuredRate: Sendable, Equatable {
  package var rate: Double
  /// Nil before the first test.
  package var best: Double?
  /// Tests in a row that were no better.
  package var badTests = 0
  /// Tests that are still not counted.
  package var restingTests = 0

  /// - Parameter rate: of the first iteration.
  package init(rate: Double) { self.rate = rate }
}

/// Every policy, one line each.
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

/// A policy as a field of the solver: `fixed`, or `{type: step, gamma: 0.1, stepsize: 1000}`.
package typealias PolicyField = CatalogField<PolicyCatalog>
