package import Fields
internal import YAML

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
