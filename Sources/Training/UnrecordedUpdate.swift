/// What the history tells of an update whose test is still to be made.
package struct UnrecordedUpdate: Sendable, Equatable {
  package var loss: Double
  /// Nil if it is not shown.
  package var regularization: Double?

  package init(loss: Double, regularization: Double?) {
    (self.loss, self.regularization) = (loss, regularization)
  }
}
