internal import Functions

/// result[c] = Σ x over all examples and positions of channel c.
///
/// The kernel adds short runs in single precision, and adds their sums in double precision.
package func channelSum(
  of x: FloatView, to result: FloatView, _ runs: TensorLayout.Runs
) -> some Kernel {
  let (x, result) = (x.checked(runs.count), result.checked(runs.channels))
  let layout = ChannelRuns(runs: runs)
  return PreparedLoop {
    layout.forEachChannel { start in
      result.store(vectorSum(of: x, layout, start), start)
    } one: { channel in
      result[channel] =
        runs.width == 1
        ? contiguousSum(of: x, layout, channel) : scatteredSum(of: x, layout, channel)
    }
  }
}

/// The positions that one single-precision sum covers.
private let shortRun = 64

/// Sums sixteen adjacent channels.
private func vectorSum(of x: FloatView, _ layout: ChannelRuns, _ channel: Int) -> SIMD16<Float> {
  let runs = layout.runs
  var total = SIMD16<Double>(repeating: 0)
  for example in 0..<runs.examples {
    let base = layout.base(example: example, channel: channel)
    var start = 0
    while start < runs.positions {
      let end = min(start &+ shortRun, runs.positions)
      var sum = SIMD16<Float>(repeating: 0)
      for position in start..<end { sum += x.load16(base &+ position &* runs.width) }
      total += SIMD16<Double>(sum)
      start = end
    }
  }
  return SIMD16<Float>(total)
}

/// Sums a channel whose positions are adjacent.
private func contiguousSum(of x: FloatView, _ layout: ChannelRuns, _ channel: Int) -> Float {
  let runs = layout.runs
  var total = 0.0
  for example in 0..<runs.examples {
    let base = layout.base(example: example, channel: channel)
    var position = 0
    while position &+ 16 <= runs.positions {
      var sum = SIMD16<Float>(repeating: 0)
      let end = min(position &+ 16 &* shortRun, runs.positions)
      while position &+ 16 <= end {
        sum += x.load16(base &+ position)
        position &+= 16
      }
      total += SIMD16<Double>(sum).pairwiseSum
    }
    while position < runs.positions {
      total += Double(x[base &+ position])
      position &+= 1
    }
  }
  return Float(total)
}

/// Sums a channel that remains after whole vectors.
private func scatteredSum(of x: FloatView, _ layout: ChannelRuns, _ channel: Int) -> Float {
  let runs = layout.runs
  var total = 0.0
  for example in 0..<runs.examples {
    let base = layout.base(example: example, channel: channel)
    for position in 0..<runs.positions { total += Double(x[base &+ position &* runs.width]) }
  }
  return Float(total)
}
