/// The places of an update's numbers in its memory.
package enum UpdateRates {
  /// lr, from the learning-rate policy.
  package static let learningRate = 0
  /// The factor of the accumulated gradient: clipping, and the division by `iter_size`.
  package static let gradientScale = 1
  /// t, the number of the update, counted from 1.
  package static let number = 2
  /// The first of the places that belong to the solver.
  package static let corrections = 3
  /// The number of places.
  package static let count = 8
}
