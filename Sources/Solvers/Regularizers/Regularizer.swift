package import YAML

/// A penalty on the size of the weights, as what it adds to the gradient.
package protocol Regularizer: CatalogType {
  /// The coefficients for a `weight_decay` of `strength`.
  func decay(strength: Double) -> Decay
}

/// Every regularizer, one line each.
package enum RegularizerCatalog: FieldCatalog {
  package static let all = Catalog<any Regularizer>(
    of: "regularizer",
    [
      entry(L2.self),
      entry(L1.self),
    ])

  private static func entry<Type: Regularizer>(_ type: Type.Type) -> Catalog<any Regularizer>.Entry
  {
    Catalog.Entry(type) { $0 }
  }

  package static func catalogType(_ regularizer: any Regularizer) -> any CatalogType { regularizer }
}

/// A regularizer as a field of the solver: `L1`.
package typealias RegularizerField = CatalogField<RegularizerCatalog>
