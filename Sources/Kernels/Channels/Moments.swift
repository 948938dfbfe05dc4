/// Count, mean and Σ (x − mean)² of values, joined part by part in a fixed order.
///
/// The squares are those of differences from the mean. They do not cancel when the mean is large
/// compared with the deviation. Σ x² − (Σ x)²/n would lose all digits.
///
/// Reference: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm
/// for computing sample variances", 1979.
package struct Moments: Sendable {
  package private(set) var count = 0.0
  package private(set) var mean = 0.0
  package private(set) var squares = 0.0

  package init() {}

  /// Joins the moments of further values.
  @inline(__always)
  package mutating func join(count rows: Double, mean: Double, squares: Double) {
    guard rows > 0 else { return }
    let delta = mean - self.mean
    self.mean += delta * (rows / (count + rows))
    self.squares += squares + delta * delta * (count * rows / (count + rows))
    count += rows
  }
}
