package import Kernels
internal import Tensors

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
  let (x, runs) = (x.checked(runs.count), runs.asOneExample)
  let part = part.checked(batchMomentCount(channels: runs.channels))
  let layout = ChannelRuns(runs: runs)
  let vectors = VectorMoments(layout)
  return PreparedLoop {
    part[0] = Double(runs.examples * runs.positions)
    vectors.run(x, to: part)
    layout.forEachChannel { _ in
    } one: { channel in
      let (mean, squares) = channelMoments(of: x, layout, channel)
      part[1 + 2 * channel] = mean
      part[2 + 2 * channel] = squares
    }
  }
}

/// Mean and Σ (x − mean)² of the channels that are visited in vectors.
private struct VectorMoments: Sendable {
  private let layout: ChannelRuns
  private let starts: ContiguousArray<Int>
  /// For each vector, the sums of one example: distances from its first row, its mean, distances
  /// from the mean, and their squares.
  private let sums: FloatView
  private let memory: FloatStorage

  init(_ layout: ChannelRuns) {
    self.layout = layout
    starts = ContiguousArray(layout.vectorStarts)
    guard let memory = FloatStorage(count: 4 * ChannelRuns.width * max(1, starts.count)) else {
      preconditionFailure("no memory for the moments of \(layout.runs.channels) channels")
    }
    self.memory = memory
    sums = FloatView(memory)
  }

  func run(_ x: FloatView, to part: DoubleView) {
    for start in starts {
      for lane in 0..<ChannelRuns.width {
        part[1 + 2 * (start + lane)] = 0
        part[2 + 2 * (start + lane)] = 0
      }
    }
    guard !starts.isEmpty else { return }
    for example in 0..<layout.runs.examples {
      sums.fill(with: 0)
      sumDistances(x, example: example)
      sumSquares(x, example: example)
      join(example: example, to: part)
    }
  }

  /// Distances from the first row are small when the values are similar. Single precision then
  /// suffices.
  private func sumDistances(_ x: FloatView, example: Int) {
    let (width, positions) = (layout.runs.width, layout.runs.positions)
    layout.forEachPart { part in
      for vector in 0..<starts.count {
        let base = layout.base(example: example, channel: starts[vector])
        let (place, first) = (64 &* vector, x.load16(base))
        var sum = sums.load16(place)
        for position in part { sum += x.load16(base &+ position &* width) - first }
        sums.store(sum, place)
        if part.upperBound == positions {
          sums.store(first + sum / Float(positions), place &+ 16)
        }
      }
    }
  }

  private func sumSquares(_ x: FloatView, example: Int) {
    let width = layout.runs.width
    layout.forEachPart { part in
      for vector in 0..<starts.count {
        let base = layout.base(example: example, channel: starts[vector])
        let place = 64 &* vector
        let middle = sums.load16(place &+ 16)
        var (distances, squares) = (sums.load16(place &+ 32), sums.load16(place &+ 48))
        for position in part {
          let distance = x.load16(base &+ position &* width) - middle
          distances += distance
          squares += distance * distance
        }
        sums.store(distances, place &+ 32)
        sums.store(squares, place &+ 48)
      }
    }
  }

  /// Joins the moments of an example with those of the examples before.
  private func join(example: Int, to part: DoubleView) {
    let rows = Double(layout.runs.positions)
    let seen = Double(example) * rows
    // The channels of a last vector that begins inside the vector before it are joined once.
    var next = 0
    for (vector, start) in starts.enumerated() {
      for lane in max(0, next &- start)..<ChannelRuns.width {
        let place = 64 &* vector &+ lane
        // This corrects the rounding error of the mean.
        let offset = Double(sums[place &+ 32]) / rows
        let ownMean = Double(sums[place &+ 16]) + offset
        let channel = start &+ lane
        let delta = ownMean - part[1 &+ 2 &* channel]
        part[1 &+ 2 &* channel] += delta * (rows / (seen + rows))
        var squares = part[2 &+ 2 &* channel]
        squares += Double(sums[place &+ 48]) - offset * offset * rows
        squares += delta * delta * (seen * rows / (seen + rows))
        part[2 &+ 2 &* channel] = squares
      }
      next = start &+ ChannelRuns.width
    }
  }
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

/// Merges the moments of all slices in the order of `SliceTree`: mean, 1/√(var + eps) and the running statistics, each
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
      let moments = Moments.joined(slices: parts.count) { slice in
        let part = parts[slice]
        return Moments(
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
