internal import Glibc

/// Sums of the loss −log max(p_y, floor) over positions, p being probabilities; in double precision.
package struct LogLikelihood: Kernel {
  private let p: FloatView
  private let labels: ClassLabels
  private let sums: DoubleView
  private let floor: Double

  /// - Parameter floor: below it a probability counts as this much.
  package init(_ p: FloatView, _ labels: ClassLabels, sums: DoubleView, floor: Double = 1e-20) {
    self.floor = floor
    self.p = p.checked(labels.extent.count)
    self.labels = labels
    self.sums = sums.checked(LossSums.count)
  }

  package func run() {
    var (total, valid) = (0.0, 0.0)
    labels.forEachPosition { first, position in
      switch labels.meaning(position) {
      case .ignored: break
      case .wrong: total = .nan
      case .index(let index):
        let probability = Double(p[first &+ index &* labels.stride])
        // The other way round NaN would count as the floor.
        total -= log(probability < floor ? floor : probability)
        valid += 1
      }
    }
    sums.setLoss(total, valid: valid, positions: labels.positions, examples: labels.examples)
  }
}

/// dp_y = −scale / max(p_y, floor), 0 for the other classes.
package struct LogLikelihoodGradient: Kernel {
  private let p: FloatView
  private let labels: ClassLabels
  private let scale: LossScale
  private let dp: FloatView
  private let floor: Double

  package init(
    _ p: FloatView, _ labels: ClassLabels, _ scale: LossScale, to dp: FloatView,
    floor: Double = 1e-20
  ) {
    self.floor = floor
    self.p = p.checked(labels.extent.count)
    self.labels = labels
    self.scale = scale
    self.dp = dp.checked(labels.extent.count)
  }

  package func run() {
    let scale = scale.value
    for index in 0..<labels.extent.count { dp[index] = 0 }
    labels.forEachPosition { first, position in
      guard case .index(let index) = labels.meaning(position) else { return }
      let place = first &+ index &* labels.stride
      dp[place] = Float(-scale / max(Double(p[place]), floor))
    }
  }
}
