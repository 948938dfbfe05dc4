internal import Functions
package import Kernels

/// p = softmax x, and sums of the loss −α_y·(1 − p_y)^γ·log p_y over positions, in double
/// precision.
///
/// - Parameter alpha: a factor for each class. An empty list gives every class the factor 1.
package func focalEntropy(
  _ x: FloatView, _ labels: ClassLabels, probabilities p: FloatView, sums: DoubleView,
  gamma: Double, alpha: [Double]
) -> some Kernel {
  let (x, p) = (x.checked(labels.extent.count), p.checked(labels.extent.count))
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    labels.sumSoftmaxLoss(of: x, probabilities: p, to: sums) { softmax, _, index, total in
      let loss = softmax.negativeLogarithm(index)
      // 1 − p, without cancellation where p is near 1.
      total += (alpha.isEmpty ? 1 : alpha[index]) * power(-exponentialMinusOne(-loss), gamma) * loss
      return 1
    }
  }
}

/// dx_j = α_y·(γ·p_y·(1 − p_y)^(γ−1)·log p_y − (1 − p_y)^γ)·([j = y] − p_j) · scale
package func focalEntropyGradient(
  probabilities p: FloatView, _ labels: ClassLabels, _ scale: LossScale, to dx: FloatView,
  gamma: Double, alpha: [Double]
) -> some Kernel {
  let (p, dx) = (p.checked(labels.extent.count), dx.checked(labels.extent.count))
  return PreparedLoop {
    let (scale, stride, count) = (scale.value, labels.stride, labels.extent.axis)
    labels.writeGradient(to: dx) { first, _, index in
      var rest = 0.0
      for other in 0..<count where other != index { rest += Double(p[first &+ other &* stride]) }
      let right = Double(p[first &+ index &* stride])
      let factor = focalSlope(right, rest: rest, gamma: gamma) * scale
      for other in 0..<count {
        let place = first &+ other &* stride
        dx[place] = Float(
          (alpha.isEmpty ? 1 : alpha[index]) * factor
            * (other == index ? rest : -Double(p[place])))
      }
    }
  }
}

/// γ·p·q^(γ−1)·log p − q^γ with q = 1 − p, or its limit if p or q is 0.
private func focalSlope(_ p: Double, rest q: Double, gamma: Double) -> Double {
  if gamma == 0 { return -1 }
  if q <= 0 { return 0 }
  let weighted = p > 0 ? p * logarithm(p) : 0
  return gamma * power(q, gamma - 1) * weighted - power(q, gamma)
}
