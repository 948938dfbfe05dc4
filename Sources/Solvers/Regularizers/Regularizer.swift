package import Fields
internal import YAML

/// A penalty on the size of the weights, as what it adds to the gradient, or a bound to it.
package protocol Regularizer: CatalogType {
  /// The coefficients for a `weight_decay` of `strength`.
  func decay(strength: Double) -> Decay

  /// The greatest norm of a row of a weight matrix; such a regularizer has no strength. Nil for one that has.
  var rowLimit: Double? { get }
}

extension Regularizer {
  package var rowLimit: Double? { nil }
}

/// Every regularizer, one line each.
package enum RegularizerCatalog: FieldCatalog {
  package static let all = Catalog<any Regularizer>(
    of: "regularizer",
    [
      entry(L2.self),
      entry(L1.self),
      entry(Elastic.self),
      entry(MaxNorm.self),
    ])

  private static func entry<Type: Regularizer>(_ type: Type.Type) -> Catalog<any Regularizer>.Entry
  {
    Catalog.Entry(type) { $0 }
  }

  package static func catalogType(_ regularizer: any Regularizer) -> any CatalogType { regularizer }
}

/// A regularizer as a field of the solver: `L1`.
package typealias RegularizerField = CatalogField<RegularizerCatalog>
