internal import Functions
package import Kernels

/// Sums of the loss −log max(p_y, floor) over positions with probabilities p, in double precision.
///
/// - Parameter floor: a lower bound of p_y.
package func negativeLogLikelihood(
  _ p: FloatView, _ labels: ClassLabels, sums: DoubleView, floor: Double = 1e-20
) -> some Kernel {
  let p = p.checked(labels.extent.count)
  let sums = sums.checked(LossSums.count)
  return PreparedLoop {
    labels.sumLoss(to: sums) { first, index, total in
      let probability = Double(p[first &+ index &* labels.stride])
      // The opposite order of arguments would turn NaN into the floor.
      total -= logarithm(probability < floor ? floor : probability)
    }
  }
}

/// dp_y = −scale / max(p_y, floor), and 0 for the other classes.
package func negativeLogLikelihoodGradient(
  _ p: FloatView, _ labels: ClassLabels, _ scale: LossScale, to dp: FloatView,
  floor: Double = 1e-20
) -> some Kernel {
  let (p, dp) = (p.checked(labels.extent.count), dp.checked(labels.extent.count))
  return PreparedLoop {
    let scale = scale.value
    for index in 0..<labels.extent.count { dp[index] = 0 }
    labels.forEachPosition { first, position, _ in
      guard case .index(let index) = labels.meaning(position) else { return }
      let place = first &+ index &* labels.stride
      dp[place] = Float(-scale / max(Double(p[place]), floor))
    }
  }
}
