internal import Kernels

/// The labels of pairs, one for each pair.
///
/// 1 marks a similar pair, and 0 or −1 a dissimilar one. Any other label makes the loss NaN.
/// Without labels all pairs are similar.
struct PairLabels: Sendable {
  private let labels: FloatView?
  private let examples: Int
  private let weights: ExampleWeights

  init(_ labels: FloatView?, examples: Int, _ weights: ExampleWeights = .equal) {
    (self.labels, self.examples) = (labels?.checked(examples), examples)
    self.weights = weights
  }

  /// Returns true for a similar pair. Nil if the label is invalid.
  @inline(__always)
  func isSimilar(_ example: Int) -> Bool? {
    guard let labels else { return true }
    let label = labels[example]
    return label == 1 ? true : label == 0 || label == -1 ? false : nil
  }

  /// Sums the losses of all pairs, in order, in double precision.
  @inline(__always)
  func sumLoss(to sums: DoubleView, _ loss: (_ example: Int, _ isSimilar: Bool) -> Double) {
    var total = 0.0
    for example in 0..<examples {
      total += isSimilar(example).map { weights[example] * loss(example, $0) } ?? .nan
    }
    sums.setLoss(
      total, valid: weights.sum(examples: examples), positions: examples, examples: examples,
      weights)
  }
}

extension View where Element == Float {
  /// Σ (a − b)² over `width` elements from `start` on.
  @inline(__always)
  func squaredDistance(to other: FloatView, from start: Int, width: Int) -> Double {
    var sum = 0.0
    for index in start..<start &+ width {
      let difference = Double(self[index]) - Double(other[index])
      sum += difference * difference
    }
    return sum
  }

  /// Σ a·b over `width` elements from `start` on.
  @inline(__always)
  func dot(_ other: FloatView, from start: Int, width: Int) -> Double {
    var sum = 0.0
    for index in start..<start &+ width { sum += Double(self[index]) * Double(other[index]) }
    return sum
  }
}
