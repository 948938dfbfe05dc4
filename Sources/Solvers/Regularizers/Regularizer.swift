package import Fields

/// A penalty on the weights, or a constraint on their norm.
package protocol Regularizer: CatalogType {
  /// The coefficients that a `weight_decay` of `strength` adds to the gradient.
  func decay(strength: Double) -> Decay

  /// The greatest norm of a row of a weight matrix, for a constraint. Nil for a penalty.
  ///
  /// A regularizer with a row limit has no strength.
  var rowLimit: Double? { get }
}

extension Regularizer {
  package var rowLimit: Double? { nil }
}

/// All regularizers, one line each.
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

/// A regularizer as a field of the solver, such as `L1`.
package typealias RegularizerField = CatalogField<RegularizerCatalog>
