package import Kernels

/// The cosine of two rows of `width` elements, with the lengths that form it.
private struct Cosine {
  /// PyTorch's term, which is added to squared lengths. The cosine of a zero vector is then 0.
  private static let epsilon = 1e-12

  /// a·b / (|a||b|).
  let value: Double
  /// |a|².
  let squaredLength: Double
  /// |a||b|.
  let length: Double

  @inline(__always)
  init(_ a: FloatView, _ b: FloatView, from start: Int, width: Int) {
    squaredLength = a.dot(a, from: start, width: width) + Cosine.epsilon
    length =
      (squaredLength * (b.dot(b, from: start, width: width) + Cosine.epsilon)).squareRoot()
    value = a.dot(b, from: start, width: width) / length
  }
}

/// Σ over examples of 1 − cos(a, b) for similar pairs, and of max(cos(a, b) − margin, 0) for
/// others.
///
/// Sums are in double precision.
///
/// - Parameter labels: the labels of the pairs. Nil if all pairs are similar.
package func cosineDistance(
  _ a: FloatView, _ b: FloatView, labels: FloatView?, sums: DoubleView, margin: Double,
  examples: Int, width: Int, weights: ExampleWeights = .equal
) -> some Kernel {
  let (a, b) = (a.checked(examples * width), b.checked(examples * width))
  let labels = PairLabels(labels, examples: examples, weights)
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    labels.sumLoss(to: sums) { example, isSimilar in
      let cosine = Cosine(a, b, from: example &* width, width: width).value
      if isSimilar { return 1 - cosine }
      return cosine <= margin ? 0 : cosine - margin
    }
  }
}

/// The gradient of ``cosineDistance`` by `a`: ∂cos/∂a = b/(|a||b|) − cos·a/|a|².
///
/// Exchanged inputs give the gradient by `b`.
package func cosineDistanceGradient(
  _ a: FloatView, _ b: FloatView, labels: FloatView?, _ scale: LossScale,
  to gradient: FloatView, margin: Double, examples: Int, width: Int
) -> some Kernel {
  let count = examples * width
  let (a, b, gradient) = (a.checked(count), b.checked(count), gradient.checked(count))
  let labels = PairLabels(labels, examples: examples)
  return PreparedLoop {
    let scale = scale.value
    for example in 0..<examples {
      let start = example &* width
      let cosine = Cosine(a, b, from: start, width: width)
      let sign =
        switch labels.isSimilar(example) {
        case true?: -scale
        case false?: cosine.value > margin ? scale : 0
        case nil: 0.0
        }
      for index in start..<start &+ width {
        let slope =
          Double(b[index]) / cosine.length - cosine.value * Double(a[index]) / cosine.squaredLength
        gradient[index] = Float(slope * sign)
      }
    }
  }
}
