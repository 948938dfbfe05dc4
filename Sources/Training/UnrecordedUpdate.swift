/// The values that the history will record for an update whose test is still pending.
package struct UnrecordedUpdate: Sendable, Equatable {
  package var loss: Double
  /// Nil when the solver does not show it.
  package var regularization: Double?

  package init(loss: Double, regularization: Double?) {
    (self.loss, self.regularization) = (loss, regularization)
  }
}
