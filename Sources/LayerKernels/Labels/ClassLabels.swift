package import Kernels

/// The classes that labels name, one for each position of scores [outer, classes, inner].
package struct ClassLabels: Sendable {
  /// The meaning of a label.
  enum Meaning {
    case index(Int)
    /// The position does not count.
    case ignored
    /// The label does not name a class. A loss or metric with it is NaN.
    ///
    /// The reader of a data set checks its labels earlier. Nothing checks the labels of computed
    /// blobs.
    case wrong
  }

  let extent: AxisExtent
  /// The examples that contain the positions.
  let examples: Int
  /// The weights of the examples in a loss.
  let weights: ExampleWeights
  private let labels: FloatView
  private let ignoredLabel: Float
  /// Whether there is a probability for each class instead of a label.
  private let areProbabilities: Bool

  /// Makes the labels of scores.
  ///
  /// - Parameters:
  ///   - areProbabilities: whether `labels` has a probability for each score. The label of a position
  ///     is then the class with the greatest one, the first of equal ones.
  ///   - ignoring: the label of positions that do not count.
  ///   - weights: the weights of the examples in a loss.
  package init(
    _ labels: FloatView, _ extent: AxisExtent, examples: Int, areProbabilities: Bool = false,
    ignoring ignoredLabel: Int? = nil, weights: ExampleWeights = .equal
  ) {
    self.areProbabilities = areProbabilities
    self.weights = weights
    self.extent = extent
    self.examples = examples
    self.labels = labels.checked(
      areProbabilities ? extent.count : extent.outer * extent.inner)
    // NaN is not equal to any label.
    self.ignoredLabel = ignoredLabel.map { Float($0) } ?? .nan
  }

  var positions: Int { extent.outer * extent.inner }
  /// The distance between the scores of successive classes at a position.
  var stride: Int { extent.inner }
  var ignoresNone: Bool { ignoredLabel.isNaN }

  /// Returns the meaning of the label of a position.
  @inline(__always)
  func meaning(_ position: Int) -> Meaning {
    guard !areProbabilities else { return mostProbableClass(position) }
    let label = labels[position]
    if label == ignoredLabel { return .ignored }
    guard let index = classIndex(label, of: extent.axis) else { return .wrong }
    return .index(index)
  }

  /// Returns the class with the greatest probability. NaN does not name a class.
  private func mostProbableClass(_ position: Int) -> Meaning {
    let (outer, inner) = position.quotientAndRemainder(dividingBy: max(1, extent.inner))
    let first = outer &* extent.axis &* extent.inner &+ inner
    var best = 0
    for index in 0..<extent.axis {
      let value = labels[first &+ index &* extent.inner]
      guard value == value else { return .wrong }
      if value > labels[first &+ best &* extent.inner] { best = index }
    }
    return .index(best)
  }

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

/// Returns the class that a label names. Nil if the label is not an integer in 0..<count.
@inline(__always)
func classIndex(_ label: Float, of count: Int) -> Int? {
  guard label >= 0, label < Float(count) else { return nil }
  let index = Int(label)
  return Float(index) == label ? index : nil
}
