/// Sums over examples of 1 − cos(a, b) where both belong together, of max(cos(a, b) − margin, 0) where they do not;
/// in double precision.
package struct CosineDistance: Kernel {
  /// Added to the squared lengths, as in PyTorch, so that a vector of zeros has a cosine: 0.
  fileprivate static let epsilon = 1e-12

  private let a: FloatView
  private let b: FloatView
  private let labels: PairLabels
  private let sums: DoubleView
  private let margin: Double
  private let examples: Int
  private let width: Int

  /// - Parameter labels: nil if all pairs belong together.
  package init(
    _ a: FloatView, _ b: FloatView, labels: FloatView?, sums: DoubleView, margin: Double,
    examples: Int, width: Int
  ) {
    self.a = a.checked(examples * width)
    self.b = b.checked(examples * width)
    self.labels = PairLabels(labels, examples: examples)
    self.sums = sums.checked(LossSums.count)
    self.margin = margin
    self.examples = examples
    self.width = width
  }

  package func run() {
    var total = 0.0
    for example in 0..<examples {
      let start = example &* width
      let product = a.dot(b, from: start, width: width)
      let lengthA = a.dot(a, from: start, width: width) + CosineDistance.epsilon
      let lengthB = b.dot(b, from: start, width: width) + CosineDistance.epsilon
      let cosine = product / (lengthA * lengthB).squareRoot()
      switch labels.isSimilar(example) {
      case true?: total += 1 - cosine
      case false? where cosine <= margin: break
      case false?: total += cosine - margin
      case nil: total = .nan
      }
    }
    sums.setLoss(total, valid: Double(examples), positions: examples, examples: examples)
  }
}

/// The gradient of a cosine loss by `a`; by b, where the two are exchanged: ∂cos/∂a = b/(|a||b|) − cos·a/|a|².
package struct CosineDistanceGradient: Kernel {
  private let a: FloatView
  private let b: FloatView
  private let labels: PairLabels
  private let scale: LossScale
  private let gradient: FloatView
  private let margin: Double
  private let examples: Int
  private let width: Int

  package init(
    _ a: FloatView, _ b: FloatView, labels: FloatView?, _ scale: LossScale,
    to gradient: FloatView, margin: Double, examples: Int, width: Int
  ) {
    self.a = a.checked(examples * width)
    self.b = b.checked(examples * width)
    self.labels = PairLabels(labels, examples: examples)
    self.scale = scale
    self.gradient = gradient.checked(examples * width)
    self.margin = margin
    self.examples = examples
    self.width = width
  }

  package func run() {
    let scale = scale.value
    for example in 0..<examples {
      let start = example &* width
      let product = a.dot(b, from: start, width: width)
      let lengthA = a.dot(a, from: start, width: width) + CosineDistance.epsilon
      let lengthB = b.dot(b, from: start, width: width) + CosineDistance.epsilon
      let length = (lengthA * lengthB).squareRoot()
      let cosine = product / length
      let sign =
        switch labels.isSimilar(example) {
        case true?: -scale
        case false?: cosine > margin ? scale : 0
        case nil: 0.0
        }
      for index in start..<start &+ width {
        let slope = Double(b[index]) / length - cosine * Double(a[index]) / lengthA
        gradient[index] = Float(slope * sign)
      }
    }
  }
}
