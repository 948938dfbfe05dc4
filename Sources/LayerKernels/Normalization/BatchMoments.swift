package import Kernels

/// Returns the elements of a slice's moments: the count, then mean and squares of each channel.
package func batchMomentCount(channels: Int) -> Int { 1 + 2 * channels }

/// part = count, mean and Σ (x − mean)² of every channel over a slice's examples.
///
/// The kernel computes the moments of one example in two passes while the example is in the cache.
/// Nothing cancels. The formula of Chan, Golub and LeVeque joins them with the moments of the
/// examples before.
///
/// Reference: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm
/// for computing sample variances", 1979.
///
/// - Parameter part: ``batchMomentCount(channels:)`` elements.
package func batchMoments(
  of x: FloatView, to part: DoubleView, _ runs: TensorLayout.Runs
) -> some Kernel {
  let x = x.checked(runs.count)
  let part = part.checked(batchMomentCount(channels: runs.channels))
  let layout = ChannelRuns(runs: runs)
  return PreparedLoop {
    part[0] = Double(runs.examples * runs.positions)
    layout.forEachChannel { start in
      let (mean, squares) = vectorMoments(of: x, layout, start)
      for lane in 0..<ChannelRuns.width {
        part[1 + 2 * (start + lane)] = mean[lane]
        part[2 + 2 * (start + lane)] = squares[lane]
      }
    } one: { channel in
      let (mean, squares) = channelMoments(of: x, layout, channel)
      part[1 + 2 * channel] = mean
      part[2 + 2 * channel] = squares
    }
  }
}

/// Mean and Σ (x − mean)² of sixteen adjacent channels.
private func vectorMoments(
  of x: FloatView, _ layout: ChannelRuns, _ channel: Int
) -> (mean: SIMD16<Double>, squares: SIMD16<Double>) {
  let runs = layout.runs
  var (mean, squares) = (SIMD16<Double>(repeating: 0), SIMD16<Double>(repeating: 0))
  let rows = Double(runs.positions)
  for example in 0..<runs.examples {
    let base = layout.base(example: example, channel: channel)
    var sum = SIMD16<Float>(repeating: 0)
    // Distances from the first row are small when the values are similar. Single precision then
    // suffices.
    let first = x.load16(base)
    for position in 0..<runs.positions { sum += x.load16(base &+ position &* runs.width) - first }
    let middle = first + sum / Float(runs.positions)
    var (distances, ownSquares) = (SIMD16<Float>(repeating: 0), SIMD16<Float>(repeating: 0))
    for position in 0..<runs.positions {
      let distance = x.load16(base &+ position &* runs.width) - middle
      distances += distance
      ownSquares += distance * distance
    }
    // This corrects the rounding error of the mean.
    let offset = SIMD16<Double>(distances) / rows
    let ownMean = SIMD16<Double>(middle) + offset
    let seen = Double(example) * rows
    let delta = ownMean - mean
    mean += delta * (rows / (seen + rows))
    squares += SIMD16<Double>(ownSquares) - offset * offset * rows
    squares += delta * delta * (seen * rows / (seen + rows))
  }
  return (mean, squares)
}

/// Mean and Σ (x − mean)² of one channel.
private func channelMoments(
  of x: FloatView, _ layout: ChannelRuns, _ channel: Int
) -> (mean: Double, squares: Double) {
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
  return (mean, squares)
}

/// Merges the moments of all slices in order: mean, 1/√(var + eps) and the running statistics, each
/// [C].
///
/// Normalization uses the biased variance. The running variance uses the unbiased one.
///
/// - Parameter running: the running statistics. Nil if they do not change, as with one value per
///   channel.
package func batchMomentsMerge(
  _ parts: [DoubleView], mean: FloatView, inverse: FloatView,
  running: (mean: FloatView, variance: FloatView)?, averaging: RunningAverage, fraction: Double,
  epsilon: Double, channels: Int
) -> some Kernel {
  let parts = parts.map { $0.checked(batchMomentCount(channels: channels)) }
  let (mean, inverse) = (mean.checked(channels), inverse.checked(channels))
  return PreparedLoop {
    let (old, new) = running == nil ? (1, 0) : averaging.weights(fraction: fraction)
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
}

/// inverse = 1/√(variance + eps) of running statistics.
package func inverseDeviation(
  _ variance: FloatView, to inverse: FloatView, epsilon: Double
) -> some Kernel {
  let inverse = inverse.checked(variance.count)
  return PreparedLoop {
    for channel in 0..<variance.count {
      inverse[channel] = Float(1 / (Double(variance[channel]) + epsilon).squareRoot())
    }
  }
}
