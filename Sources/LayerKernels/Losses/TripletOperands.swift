package import Kernels

/// The operands of a triplet loss.
package struct TripletOperands: Sendable {
  let anchor: FloatView
  let positive: FloatView
  let negative: FloatView
  /// True if d is the squared distance. Otherwise d is its root.
  let isSquared: Bool
  let margin: Double
  let examples: Int
  let width: Int

  /// Makes the operands.
  ///
  /// - Parameter inputs: the anchors, the positives and the negatives.
  package init(
    _ inputs: [FloatView], margin: Double, isSquared: Bool, examples: Int, width: Int
  ) {
    anchor = inputs[0].checked(examples * width)
    positive = inputs[1].checked(examples * width)
    negative = inputs[2].checked(examples * width)
    self.margin = margin
    self.isSquared = isSquared
    self.examples = examples
    self.width = width
  }

  @inline(__always)
  func distance(_ example: Int, to other: FloatView) -> Double {
    let squared = anchor.squaredDistance(to: other, from: example &* width, width: width)
    return isSquared ? squared : squared.squareRoot()
  }

  func violation(_ example: Int) -> Double {
    distance(example, to: positive) - distance(example, to: negative) + margin
  }

  /// Returns the factor of a − b in the gradient of d by a. It is 0 between equal points.
  @inline(__always)
  func slope(_ distance: Double) -> Double {
    isSquared ? 2 : distance > 0 ? 1 / distance : 0
  }
}
