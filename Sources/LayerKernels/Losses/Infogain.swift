internal import Functions
package import Kernels

/// p = softmax x, and sums of the loss −Σ_k H[y, k]·log max(p_k, floor) over positions.
///
/// Sums are in double precision. The floor changes the sums, but not the gradient.
package func infogainLoss(
  _ x: FloatView, _ labels: ClassLabels, _ matrix: InfogainMatrix, probabilities p: FloatView,
  sums: DoubleView, floor: Double = 0
) -> some Kernel {
  let (x, p) = (x.checked(labels.extent.count), p.checked(labels.extent.count))
  let matrix = matrix.checked(labels)
  let sums = sums.checked(LossSums.count)
  let limit = -logarithm(floor)
  return PreparedLoop {
    let count = labels.extent.axis
    let perExample = max(1, labels.positions / max(1, labels.examples))
    labels.sumSoftmaxLoss(of: x, probabilities: p, to: sums) { softmax, position, index, total in
      for k in 0..<count {
        let gain = matrix.gain(index, k, example: position / perExample, classes: count)
        // A gain of 0 adds nothing, even if the probability is 0.
        guard gain != 0 else { continue }
        // The opposite order of arguments would turn NaN into the limit.
        total += gain * min(softmax.negativeLogarithm(k), limit)
      }
      return 1
    }
  }
}

/// dx_j = (p_j·Σ_k H[y, k] − H[y, j]) · scale
package func infogainLossGradient(
  probabilities p: FloatView, _ labels: ClassLabels, _ matrix: InfogainMatrix,
  _ scale: LossScale, to dx: FloatView
) -> some Kernel {
  let (p, dx) = (p.checked(labels.extent.count), dx.checked(labels.extent.count))
  let matrix = matrix.checked(labels)
  return PreparedLoop {
    let (scale, stride, count) = (scale.value, labels.stride, labels.extent.axis)
    let perExample = max(1, labels.positions / max(1, labels.examples))
    labels.writeGradient(to: dx) { first, position, index in
      var sum = 0.0
      for k in 0..<count {
        sum += matrix.gain(index, k, example: position / perExample, classes: count)
      }
      for k in 0..<count {
        let gain = matrix.gain(index, k, example: position / perExample, classes: count)
        let place = first &+ k &* stride
        dx[place] = Float((Double(p[place]) * sum - gain) * scale)
      }
    }
  }
}
