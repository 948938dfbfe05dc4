package import Kernels

/// p = softmax x, and sums of the loss (1−ε)·w_y·(−log p_y) + (ε/C)·Σ_k w_k·(−log p_k).
///
/// Sums over positions are in double precision. A position counts with w_y. A label that does not
/// name a class makes the loss NaN. A floor changes the sums, but not the gradient.
package func crossEntropy(
  _ x: FloatView, _ labels: ClassLabels, probabilities p: FloatView, sums: DoubleView,
  _ form: CrossEntropyForm = CrossEntropyForm()
) -> some Kernel {
  let (x, p) = (x.checked(labels.extent.count), p.checked(labels.extent.count))
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    let count = labels.extent.axis
    labels.sumSoftmaxLoss(of: x, probabilities: p, to: sums) { softmax, _, index, total in
      let weight = form.weight(index)
      // The opposite order of arguments would turn NaN into the limit.
      let loss = min(softmax.negativeLogarithm(index), form.limit)
      guard form.smoothing > 0 else {
        total += weight * loss
        return weight
      }
      var all = 0.0
      for other in 0..<count {
        all += form.weight(other) * min(softmax.negativeLogarithm(other), form.limit)
      }
      total += (1 - form.smoothing) * weight * loss
      total += form.smoothing / Double(count) * all
      return weight
    }
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
      labels.forEachPosition { first, position, _ in
        guard case .index(let index) = labels.meaning(position) else { return }
        dx[first &+ index &* stride] -= scale
      }
    }
  }
  let weightSum = (0..<count).reduce(0) { $0 + form.weight($1) }
  let share = form.smoothing / Double(count)
  return PreparedLoop {
    let scale = scale.value
    labels.writeGradient(to: dx) { first, _, index in
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

/// p = softmax x, and sums of the loss Σ_k w_k·s_k·(−log p_k) with s_k = (1−ε)·t_k + ε/C.
///
/// t are the target probabilities. Sums over positions are in double precision, and each position
/// counts once. A floor changes the sums, but not the gradient. A target of 0 adds 0.
package func crossEntropy(
  _ x: FloatView, _ targets: ClassProbabilities, probabilities p: FloatView, sums: DoubleView,
  _ form: CrossEntropyForm
) -> some Kernel {
  let (x, p) = (x.checked(targets.extent.count), p.checked(targets.extent.count))
  let (sums, count) = (sums.checked(LossSums.count), targets.extent.axis)
  let (stride, share) = (targets.extent.inner, form.smoothing / Double(max(1, count)))
  return PreparedLoop {
    targets.sumSoftmaxLoss(of: x, probabilities: p, to: sums) { softmax, first in
      var loss = 0.0
      for index in 0..<count {
        let target = (1 - form.smoothing) * targets[first &+ index &* stride] + share
        guard target != 0 else { continue }
        // The opposite order of arguments would turn NaN into the limit.
        loss += form.weight(index) * target * min(softmax.negativeLogarithm(index), form.limit)
      }
      return loss
    }
  }
}

/// dx_j = (p_j·Σ_k w_k·s_k − w_j·s_j) · scale, with s_k = (1−ε)·t_k + ε/C.
package func crossEntropyGradient(
  probabilities p: FloatView, _ targets: ClassProbabilities, _ scale: LossScale,
  to dx: FloatView, _ form: CrossEntropyForm
) -> some Kernel {
  let (p, dx) = (p.checked(targets.extent.count), dx.checked(targets.extent.count))
  let (stride, count) = (targets.extent.inner, targets.extent.axis)
  let share = form.smoothing / Double(max(1, count))
  return PreparedLoop {
    let scale = scale.value
    targets.forEachPosition { first, _, _ in
      @inline(__always)
      func weighted(_ index: Int) -> Double {
        form.weight(index) * ((1 - form.smoothing) * targets[first &+ index &* stride] + share)
      }
      var sum = 0.0
      for index in 0..<count { sum += weighted(index) }
      for index in 0..<count {
        let place = first &+ index &* stride
        dx[place] = Float((Double(p[place]) * sum - weighted(index)) * scale)
      }
    }
  }
}
