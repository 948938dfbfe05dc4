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

/// A regularizer as a field of the solver, such as `L1`.
package typealias RegularizerField = CatalogField<RegularizerCatalog>
