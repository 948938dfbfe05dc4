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

  package init(count: Double, mean: Double, squares: Double) {
    self.count = count
    self.mean = mean
    self.squares = squares
  }

  /// Returns the moments of the values of all slices, in the order of ``SliceTree``.
  ///
  /// - Parameters:
  ///   - count: the number of slices.
  ///   - moments: returns the moments of one slice.
  package static func joined(slices count: Int, _ moments: (Int) -> Moments) -> Moments {
    SliceTree.joined(0..<count, moments) { first, second in
      var both = first
      both.join(count: second.count, mean: second.mean, squares: second.squares)
      return both
    }
  }

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
