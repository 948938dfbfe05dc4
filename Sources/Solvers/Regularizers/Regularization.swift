internal import Fields
internal import YAML

/// What keeps one parameter small: a regularizer with its strength.
package struct Regularization: Sendable {
  package let regularizer: any Regularizer
  package let strength: Double
  /// The parameter's `decay_mult`.
  package let multiplier: Double

  package init(_ regularizer: any Regularizer, strength: Double, multiplier: Double) {
    self.regularizer = regularizer
    self.strength = strength
    self.multiplier = multiplier
  }

  /// Without the parameter's own factor.
  package var decay: Decay { regularizer.decay(strength: strength) }

  /// With it.
  package var parameterDecay: Decay { regularizer.decay(strength: strength * multiplier) }

  /// The greatest norm of a row; nil if rows are not bounded.
  package var rowLimit: Double? { multiplier > 0 ? regularizer.rowLimit : nil }

  /// Why a regularizer and a strength that are stated together do not go together; nil if they do.
  package static func inconsistency(
    _ regularizer: (any Regularizer)?, _ strength: Double?
  ) -> String? {
    guard let regularizer, regularizer.rowLimit != nil, let strength, strength != 0 else {
      return nil
    }
    return "expected no weight_decay beside regularization_type "
      + "\(type(of: regularizer).reference.name), which has no strength, received \(strength)"
  }
}
