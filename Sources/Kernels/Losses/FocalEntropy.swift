internal import Glibc

/// p = softmax x; sums of the loss −α_y·(1 − p_y)^γ·log p_y over positions, in double precision.
package struct FocalEntropy: Kernel {
  private let x: FloatView
  private let labels: ClassLabels
  private let p: FloatView
  private let sums: DoubleView
  private let gamma: Double
  private let alpha: [Double]

  /// - Parameter alpha: a factor for each class; none: 1.
  package init(
    _ x: FloatView, _ labels: ClassLabels, probabilities p: FloatView, sums: DoubleView,
    gamma: Double, alpha: [Double]
  ) {
    self.x = x.checked(labels.extent.count)
    self.labels = labels
    self.p = p.checked(labels.extent.count)
    self.sums = sums.checked(LossSums.count)
    self.gamma = gamma
    self.alpha = alpha
  }

  package func run() {
    let (stride, count) = (labels.stride, labels.extent.axis)
    var (total, valid) = (0.0, 0.0)
    labels.forEachPosition { first, position in
      let (greatest, sum) = softmax(x, p, first: first, stride: stride, count: count)
      switch labels.meaning(position) {
      case .ignored: break
      case .wrong: total = .nan
      case .index(let index):
        let margin = Double(greatest) - Double(x[first &+ index &* stride])
        let loss = margin + log(Double(sum))
        // 1 − p, without the cancellation where p is near 1.
        total += (alpha.isEmpty ? 1 : alpha[index]) * pow(-expm1(-loss), gamma) * loss
        valid += 1
      }
    }
    sums.setLoss(total, valid: valid, positions: labels.positions, examples: labels.examples)
  }
}

/// dx_j = α_y·(γ·p_y·(1 − p_y)^(γ−1)·log p_y − (1 − p_y)^γ)·([j = y] − p_j) · scale
package struct FocalEntropyGradient: Kernel {
  private let p: FloatView
  private let labels: ClassLabels
  private let scale: LossScale
  private let dx: FloatView
  private let gamma: Double
  private let alpha: [Double]

  package init(
    probabilities p: FloatView, _ labels: ClassLabels, _ scale: LossScale, to dx: FloatView,
    gamma: Double, alpha: [Double]
  ) {
    self.p = p.checked(labels.extent.count)
    self.labels = labels
    self.scale = scale
    self.dx = dx.checked(labels.extent.count)
    self.gamma = gamma
    self.alpha = alpha
  }

  package func run() {
    let (scale, stride, count) = (scale.value, labels.stride, labels.extent.axis)
    labels.forEachPosition { first, position in
      guard case .index(let index) = labels.meaning(position) else {
        for other in 0..<count { dx[first &+ other &* stride] = 0 }
        return
      }
      var rest = 0.0
      for other in 0..<count where other != index { rest += Double(p[first &+ other &* stride]) }
      let factor = slope(Double(p[first &+ index &* stride]), rest: rest) * scale
      for other in 0..<count {
        let place = first &+ other &* stride
        dx[place] = Float(
          (alpha.isEmpty ? 1 : alpha[index]) * factor
            * (other == index ? rest : -Double(p[place])))
      }
    }
  }

  /// γ·p·q^(γ−1)·log p − q^γ for q = 1 − p: its limits where p or q is 0.
  private func slope(_ p: Double, rest q: Double) -> Double {
    if gamma == 0 { return -1 }
    if q <= 0 { return 0 }
    let logarithm = p > 0 ? p * log(p) : 0
    return gamma * pow(q, gamma - 1) * logarithm - pow(q, gamma)
  }
}
