/// What a contrastive loss makes of pairs that do not belong together, d being their distance.
package struct ContrastForm: Sendable {
  let margin: Double
  /// max(margin − d², 0) in place of max(margin − d, 0)².
  let isLegacy: Bool

  package init(margin: Double, isLegacy: Bool) {
    self.margin = margin
    self.isLegacy = isLegacy
  }

  /// Twice the loss of a pair at a squared distance.
  @inline(__always)
  fileprivate func loss(_ squared: Double, isSimilar: Bool) -> Double {
    if isSimilar { return squared }
    if isLegacy { return squared < margin ? margin - squared : 0 }
    let shortfall = margin - squared.squareRoot()
    return shortfall > 0 ? shortfall * shortfall : 0
  }

  /// The factor of a − b in the gradient by a of half that loss.
  @inline(__always)
  fileprivate func slope(_ squared: Double, isSimilar: Bool) -> Double {
    if isSimilar { return 1 }
    if isLegacy { return squared < margin ? -1 : 0 }
    let distance = squared.squareRoot()
    // Between equal points there is no direction.
    return distance > 0 && distance < margin ? (distance - margin) / distance : 0
  }
}

/// Sums of half a contrastive loss over examples, in double precision: d² of pairs that belong together.
package func contrastiveLoss(
  _ a: FloatView, _ b: FloatView, labels: FloatView, sums: DoubleView, _ form: ContrastForm,
  examples: Int, width: Int
) -> some Kernel {
  let (a, b) = (a.checked(examples * width), b.checked(examples * width))
  let labels = PairLabels(labels, examples: examples)
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    var total = 0.0
    for example in 0..<examples {
      guard let isSimilar = labels.isSimilar(example) else {
        total = .nan
        continue
      }
      let squared = a.squaredDistance(to: b, from: example &* width, width: width)
      total += form.loss(squared, isSimilar: isSimilar) / 2
    }
    sums.setLoss(total, valid: Double(examples), positions: examples, examples: examples)
  }
}

/// The gradient of ``contrastiveLoss`` by `a`. With the two exchanged it is the gradient by `b`.
package func contrastiveLossGradient(
  _ a: FloatView, _ b: FloatView, labels: FloatView, _ scale: LossScale, to gradient: FloatView,
  _ form: ContrastForm, examples: Int, width: Int
) -> some Kernel {
  let count = examples * width
  let (a, b, gradient) = (a.checked(count), b.checked(count), gradient.checked(count))
  let labels = PairLabels(labels, examples: examples)
  return PreparedLoop {
    let scale = scale.value
    for example in 0..<examples {
      let start = example &* width
      let squared = a.squaredDistance(to: b, from: start, width: width)
      let slope =
        labels.isSimilar(example).map { form.slope(squared, isSimilar: $0) * scale } ?? 0
      for index in start..<start &+ width {
        gradient[index] = Float((Double(a[index]) - Double(b[index])) * slope)
      }
    }
  }
}
