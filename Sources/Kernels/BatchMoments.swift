internal import Tensors

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
    /// r ← f·r + (1 − f)·batch
    case exponential
    /// The same, divided by the sum of all weights so far, so that the first batches count in full. The weight is kept
    /// in one element.
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

  /// - Parameter running: nil where statistics are not to be changed.
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
    var old = fraction
    var new = 1 - fraction
    if case .weighted(let weight) = averaging {
      let sum = fraction * Double(weight[0]) + 1
      (old, new) = (fraction * Double(weight[0]) / sum, 1 / sum)
      weight[0] = Float(sum)
    }
    for channel in 0..<channels {
      var (count, mean, squares) = (0.0, 0.0, 0.0)
      for part in parts {
        let rows = part[0]
        let delta = part[1 + 2 * channel] - mean
        mean += delta * (rows / (count + rows))
        squares += part[2 + 2 * channel] + delta * delta * (count * rows / (count + rows))
        count += rows
      }
      let variance = squares / count
      self.mean[channel] = Float(mean)
      inverse[channel] = Float(1 / (variance + epsilon).squareRoot())
      guard let running else { continue }
      let unbiased = count > 1 ? squares / (count - 1) : variance
      running.mean[channel] = Float(old * Double(running.mean[channel]) + new * mean)
      running.variance[channel] = Float(old * Double(running.variance[channel]) + new * unbiased)
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
