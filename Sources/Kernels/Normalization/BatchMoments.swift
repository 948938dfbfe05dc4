/// Count, mean and Σ (x − mean)² of every channel over a slice's examples: the slice's part of a batch's moments.
///
/// part = [count, then (mean, M2) a channel]. An example's own moments are taken in two passes while it is in the
/// cache, so that nothing cancels, and joined with those before by the formula of Chan, Golub and LeVeque, "Updating
/// formulae and a pairwise algorithm for computing sample variances", 1979.
package struct BatchMoments: Kernel {
  /// Elements of a part.
  package static func count(channels: Int) -> Int { 1 + 2 * channels }

  private let x: FloatView
  private let part: DoubleView
  private let layout: ChannelRuns

  package init(of x: FloatView, to part: DoubleView, _ runs: TensorLayout.Runs) {
    self.x = x.checked(runs.count)
    self.part = part.checked(BatchMoments.count(channels: runs.channels))
    layout = ChannelRuns(runs: runs)
  }

  package func run() {
    let runs = layout.runs
    part[0] = Double(runs.examples * runs.positions)
    layout.forEachChannel(vector: takeVector, one: takeOne)
  }

  /// Sixteen channels that lie together.
  private func takeVector(_ channel: Int) {
    let runs = layout.runs
    var (mean, squares) = (SIMD16<Double>(repeating: 0), SIMD16<Double>(repeating: 0))
    let rows = Double(runs.positions)
    for example in 0..<runs.examples {
      let base = layout.base(example: example, channel: channel)
      var sum = SIMD16<Float>(repeating: 0)
      // Distances from the first row are small where the values are alike, so that their sum is exact enough.
      let first = x.load16(base)
      for position in 0..<runs.positions { sum += x.load16(base &+ position &* runs.width) - first }
      let middle = first + sum / Float(runs.positions)
      var (distances, ownSquares) = (SIMD16<Float>(repeating: 0), SIMD16<Float>(repeating: 0))
      for position in 0..<runs.positions {
        let distance = x.load16(base &+ position &* runs.width) - middle
        distances += distance
        ownSquares += distance * distance
      }
      // What the rounded mean misses.
      let offset = SIMD16<Double>(distances) / rows
      let ownMean = SIMD16<Double>(middle) + offset
      let seen = Double(example) * rows
      let delta = ownMean - mean
      mean += delta * (rows / (seen + rows))
      squares += SIMD16<Double>(ownSquares) - offset * offset * rows
      squares += delta * delta * (seen * rows / (seen + rows))
    }
    for lane in 0..<ChannelRuns.width {
      part[1 + 2 * (channel + lane)] = mean[lane]
      part[2 + 2 * (channel + lane)] = squares[lane]
    }
  }

  /// A channel by itself.
  private func takeOne(_ channel: Int) {
    let runs = layout.runs
    var (mean, squares) = (0.0, 0.0)
    let rows = Double(runs.positions)
    for example in 0..<runs.examples {
      let base = layout.base(example: example, channel: channel)
      var (ownMean, ownSquares) = (0.0, 0.0)
      for position in 0..<runs.positions { ownMean += Double(x[base &+ position &* runs.width]) }
      ownMean /= rows
      for position in 0..<runs.positions {
        let distance = Double(x[base &+ position &* runs.width]) - ownMean
        ownSquares += distance * distance
      }
      let seen = Double(example) * rows
      let delta = ownMean - mean
      mean += delta * (rows / (seen + rows))
      squares += ownSquares + delta * delta * (seen * rows / (seen + rows))
    }
    part[1 + 2 * channel] = mean
    part[2 + 2 * channel] = squares
  }
}

/// The moments of the whole batch from its slices' parts, in their order, as [C] tensors: mean, 1/√(var + eps), and the
/// running statistics.
///
/// var is biased, as normalizing wants it; the running variance takes the unbiased one.
package struct BatchMomentsMerge: Kernel {
  /// How running statistics follow the batches.
  package enum Averaging: Sendable {
    /// r ← (1 − s)·r + s·batch, s = (1 − f)·`share`. The share is 1 for a full batch, and n/N for one of n examples
    /// where a full batch has N.
    case exponential(share: Double)
    /// r ← (1 − s)·r + s·batch, s read when the kernel runs: 1 for the first batch of a measurement, which forgets what
    /// was before.
    case measured(share: DoubleView)
    /// r ← f·r + (1 − f)·batch, divided by the sum of all weights so far, so that the first batches count in full. The
    /// weight is kept in one element. Every batch counts the same.
    case weighted(FloatView)
  }

  private let parts: [DoubleView]
  private let mean: FloatView
  private let inverse: FloatView
  private let running: (mean: FloatView, variance: FloatView)?
  private let averaging: Averaging
  private let fraction: Double
  private let epsilon: Double
  private let channels: Int

  /// - Parameter running: nil if statistics are not to be changed, as those of a batch of one value a channel.
  package init(
    _ parts: [DoubleView], mean: FloatView, inverse: FloatView,
    running: (mean: FloatView, variance: FloatView)?, averaging: Averaging, fraction: Double,
    epsilon: Double, channels: Int
  ) {
    self.parts = parts.map { $0.checked(BatchMoments.count(channels: channels)) }
    self.mean = mean.checked(channels)
    self.inverse = inverse.checked(channels)
    self.running = running
    self.averaging = averaging
    self.fraction = fraction
    self.epsilon = epsilon
    self.channels = channels
  }

  package func run() {
    let (old, new) = running == nil ? (1, 0) : weights()
    for channel in 0..<channels {
      var moments = Moments()
      for part in parts {
        moments.join(
          count: part[0], mean: part[1 + 2 * channel], squares: part[2 + 2 * channel])
      }
      let variance = moments.squares / moments.count
      mean[channel] = Float(moments.mean)
      inverse[channel] = Float(1 / (variance + epsilon).squareRoot())
      guard let running else { continue }
      let unbiased = moments.squares / (moments.count - 1)
      running.mean[channel] = Float(old * Double(running.mean[channel]) + new * moments.mean)
      running.variance[channel] = Float(old * Double(running.variance[channel]) + new * unbiased)
    }
  }

  /// The parts of the running statistics that stay, and that come from the batch.
  private func weights() -> (old: Double, new: Double) {
    switch averaging {
    case .exponential(share: 1): return (fraction, 1 - fraction)
    case .exponential(let share): return (1 - (1 - fraction) * share, (1 - fraction) * share)
    case .measured(let share): return (1 - share[0], share[0])
    case .weighted(let weight):
      let before = Double(weight[0])
      let sum = fraction * before + 1
      weight[0] = Float(sum)
      return (fraction * before / sum, 1 / sum)
    }
  }
}

/// inverse = 1/√(variance + eps), of running statistics.
package struct InverseDeviation: Kernel {
  private let variance: FloatView
  private let inverse: FloatView
  private let epsilon: Double

  package init(_ variance: FloatView, to inverse: FloatView, epsilon: Double) {
    self.variance = variance
    self.inverse = inverse.checked(variance.count)
    self.epsilon = epsilon
  }

  package func run() {
    for channel in 0..<variance.count {
      inverse[channel] = Float(1 / (Double(variance[channel]) + epsilon).squareRoot())
    }
  }
}
