package import Kernels

/// The target probabilities of the classes, for each position of scores [outer, classes, inner].
package struct ClassProbabilities: Sendable {
  let extent: AxisExtent
  /// The examples that contain the positions.
  let examples: Int
  /// The weights of the examples in a loss.
  let weights: ExampleWeights
  private let targets: FloatView

  package init(
    _ targets: FloatView, _ extent: AxisExtent, examples: Int, weights: ExampleWeights = .equal
  ) {
    self.targets = targets.checked(extent.count)
    self.extent = extent
    self.examples = examples
    self.weights = weights
  }

  /// The target at a place of the scores.
  @inline(__always)
  subscript(place: Int) -> Double { Double(targets[place]) }

  /// Calls `body` with the place of each position's first score, the number of the position, and its
  /// index along the inner axis.
  @inline(__always)
  func forEachPosition(_ body: (_ first: Int, _ position: Int, _ inner: Int) -> Void) {
    for outer in 0..<extent.outer {
      for inner in 0..<extent.inner {
        body(
          outer &* extent.axis &* extent.inner &+ inner, outer &* extent.inner &+ inner, inner)
      }
    }
  }
}
