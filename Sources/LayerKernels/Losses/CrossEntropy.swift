internal import Glibc
package import Kernels

/// p = softmax x, and sums of the loss (1−ε)·w_y·(−log p_y) + (ε/C)·Σ_k w_k·(−log p_k).
///
/// Sums over positions are in double precision. A position counts with w_y. The kernel takes the
/// logarithm of the sum instead of p, so that a loss of 10⁴ is 10⁴. A label that does not name a
/// class makes the loss NaN. A floor changes the sums, but not the gradient.
package func crossEntropy(
  _ x: FloatView, _ labels: ClassLabels, probabilities p: FloatView, sums: DoubleView,
  _ form: CrossEntropyForm = CrossEntropyForm()
) -> some Kernel {
  let (x, p) = (x.checked(labels.extent.count), p.checked(labels.extent.count))
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    let (stride, count) = (labels.stride, labels.extent.axis)
    var (total, valid) = (0.0, 0.0)
    labels.forEachPosition { first, position in
      let (greatest, sum) = softmax(x, p, first: first, stride: stride, count: count)
      switch labels.meaning(position) {
      case .ignored: break
      case .wrong: total = .nan
      case .index(let index):
        let (logSum, weight) = (log(Double(sum)), form.weight(index))
        let margin = Double(greatest) - Double(x[first &+ index &* stride])
        valid += weight
        guard form.smoothing > 0 else {
          // The opposite order of arguments would turn NaN into the limit.
          total += weight * min(margin + logSum, form.limit)
          return
        }
        var all = 0.0
        for other in 0..<count {
          let margin = Double(greatest) - Double(x[first &+ other &* stride])
          all += form.weight(other) * min(margin + logSum, form.limit)
        }
        total += (1 - form.smoothing) * weight * min(margin + logSum, form.limit)
        total += form.smoothing / Double(count) * all
      }
    }
    sums.setLoss(total, valid: valid, positions: labels.positions, examples: labels.examples)
  }
}

/// dx_j = ((1−ε)·w_y·(p_j − [j = y]) + (ε/C)·(p_j·Σ_k w_k − w_j)) · scale
///
/// The gradient is 0 at positions that do not count.
package func crossEntropyGradient(
  probabilities p: FloatView, _ labels: ClassLabels, _ scale: LossScale, to dx: FloatView,
  _ form: CrossEntropyForm = CrossEntropyForm()
) -> some Kernel {
  let (p, dx) = (p.checked(labels.extent.count), dx.checked(labels.extent.count))
  let (stride, count) = (labels.stride, labels.extent.axis)
  if form.isPlain, labels.ignoresNone {
    // One pass covers all elements, and another the labels.
    return PreparedLoop {
      let scale = Float(scale.value)
      for index in 0..<labels.extent.count { dx[index] = p[index] * scale }
      labels.forEachPosition { first, position in
        guard case .index(let index) = labels.meaning(position) else { return }
        dx[first &+ index &* stride] -= scale
      }
    }
  }
  let weightSum = (0..<count).reduce(0) { $0 + form.weight($1) }
  let share = form.smoothing / Double(count)
  return PreparedLoop {
    let scale = scale.value
    labels.forEachPosition { first, position in
      guard case .index(let index) = labels.meaning(position) else {
        for other in 0..<count { dx[first &+ other &* stride] = 0 }
        return
      }
      let hard = (1 - form.smoothing) * form.weight(index)
      let factor = hard + share * weightSum
      for other in 0..<count {
        let place = first &+ other &* stride
        let target = share * form.weight(other) + (other == index ? hard : 0)
        dx[place] = Float((Double(p[place]) * factor - target) * scale)
      }
    }
  }
}
