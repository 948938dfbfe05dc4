package import YAML

/// How the learning rate follows from the iteration.
package protocol LearningRatePolicy: CatalogType {
  /// The rate of update `iteration`, counted from 0, for a base rate of `base`.
  func rate(base: Double, iteration: Int) -> Double
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
