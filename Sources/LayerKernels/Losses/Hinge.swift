package import Kernels

/// Sums of a hinge loss over positions, in double precision.
package func hingeLoss(
  _ x: FloatView, _ labels: ClassLabels, sums: DoubleView, _ form: HingeForm
) -> some Kernel {
  let x = x.checked(labels.extent.count)
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    labels.sumLoss(to: sums) { first, index, total in
      let right = Double(x[first &+ index &* labels.stride])
      for j in 0..<labels.extent.axis {
        let score = Double(x[first &+ j &* labels.stride])
        let shortfall = form.shortfall(score, isLabel: j == index, right: right) ?? 0
        // The negated comparison lets NaN reach the total.
        if !(shortfall <= 0) { total += form.isSquared ? shortfall * shortfall : shortfall }
      }
    }
  }
}

/// The gradient of a hinge loss. It is 0 where a margin is met exactly.
package func hingeLossGradient(
  _ x: FloatView, _ labels: ClassLabels, _ scale: LossScale, to dx: FloatView, _ form: HingeForm
) -> some Kernel {
  let (x, dx) = (x.checked(labels.extent.count), dx.checked(labels.extent.count))
  return PreparedLoop {
    let scale = scale.value
    labels.writeGradient(to: dx) { first, _, index in
      let rightPlace = first &+ index &* labels.stride
      var rightSlope = 0.0
      for j in 0..<labels.extent.axis {
        let place = first &+ j &* labels.stride
        let shortfall = form.shortfall(
          Double(x[place]), isLabel: j == index, right: Double(x[rightPlace]))
        let met = max(shortfall ?? 0, 0)
        let slope = form.isSquared ? 2 * met : met > 0 ? 1 : 0
        if j != index { dx[place] = Float(slope * scale) }
        if form.comparison == .pairwise || j == index { rightSlope -= slope }
      }
      dx[rightPlace] = Float(rightSlope * scale)
    }
  }
}
