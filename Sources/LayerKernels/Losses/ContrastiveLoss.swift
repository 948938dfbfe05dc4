package import Kernels

/// Σ of half the contrastive loss over examples, in double precision.
///
/// The loss of a similar pair is d². `form` defines the loss of a dissimilar pair.
package func contrastiveLoss(
  _ a: FloatView, _ b: FloatView, labels: FloatView, sums: DoubleView, _ form: ContrastiveLossForm,
  examples: Int, width: Int, weights: ExampleWeights = .equal
) -> some Kernel {
  let (a, b) = (a.checked(examples * width), b.checked(examples * width))
  let labels = PairLabels(labels, examples: examples, weights)
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    labels.sumLoss(to: sums) { example, isSimilar in
      let squared = a.squaredDistance(to: b, from: example &* width, width: width)
      return form.loss(squared, isSimilar: isSimilar) / 2
    }
  }
}

/// The gradient of ``contrastiveLoss`` by `a`. Exchanged inputs give the gradient by `b`.
package func contrastiveLossGradient(
  _ a: FloatView, _ b: FloatView, labels: FloatView, _ scale: LossScale, to gradient: FloatView,
  _ form: ContrastiveLossForm, examples: Int, width: Int
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
