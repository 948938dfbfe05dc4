internal import Fields

/// A regularizer with its strength for one parameter.
package struct Regularization: Sendable {
  package let regularizer: any Regularizer
  /// `weight_decay`.
  package let strength: Double
  /// `decay_mult` of the parameter.
  package let multiplier: Double

  package init(_ regularizer: any Regularizer, strength: Double, multiplier: Double) {
    self.regularizer = regularizer
    self.strength = strength
    self.multiplier = multiplier
  }

  /// The coefficients without `decay_mult`.
  package var decay: Decay { regularizer.decay(strength: strength) }

  /// The coefficients with `decay_mult`.
  package var parameterDecay: Decay { regularizer.decay(strength: strength * multiplier) }

  /// The greatest norm of a row. Nil when the regularizer does not bound rows, or exempts this
  /// parameter.
  package var rowLimit: Double? { multiplier > 0 ? regularizer.rowLimit : nil }

  /// Returns why a stated regularizer conflicts with a stated strength, or nil when they agree.
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
