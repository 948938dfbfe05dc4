package import Kernels

/// What a triplet loss compares.
package struct TripletOperands: Sendable {
  let anchor: FloatView
  let positive: FloatView
  let negative: FloatView
  /// d is the squared distance, and not its root.
  let isSquared: Bool
  let margin: Double
  let examples: Int
  let width: Int

  /// - Parameter inputs: anchors, positives and negatives.
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

  /// The factor of a − b in d's gradient by a; 0 between equal points.
  @inline(__always)
  func slope(_ distance: Double) -> Double {
    isSquared ? 2 : distance > 0 ? 1 / distance : 0
  }
}
