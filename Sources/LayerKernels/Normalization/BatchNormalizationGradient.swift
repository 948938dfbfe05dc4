package import Kernels

/// part = (Σ dy, Σ dy·(x − mean)) of every channel over a slice's examples.
package func batchGradientSums(
  x: FloatView, dy: FloatView, mean: FloatView, to part: DoubleView, _ runs: TensorLayout.Runs
) -> some Kernel {
  let (x, dy, layout) = (x.checked(runs.count), dy.checked(runs.count), ChannelRuns(runs: runs))
  let (mean, part) = (mean.checked(runs.channels), part.checked(2 * runs.channels))
  return PreparedLoop {
    layout.forEachChannel { start in
      let (sum, product) = vectorSums(x, dy, around: mean.load16(start), layout, start)
      for lane in 0..<ChannelRuns.width {
        part[2 * (start + lane)] = sum[lane]
        part[2 * (start + lane) + 1] = product[lane]
      }
    } one: { channel in
      var (sum, product) = (0.0, 0.0)
      for example in 0..<runs.examples {
        let base = layout.base(example: example, channel: channel)
        for position in 0..<runs.positions {
          let place = base &+ position &* runs.width
          sum += Double(dy[place])
          product += Double(dy[place]) * Double(x[place] - mean[channel])
        }
      }
      part[2 * channel] = sum
      part[2 * channel + 1] = product
    }
  }
}

/// The positions that one single-precision sum covers.
private let shortRun = 64

/// Σ dy and Σ dy·(x − middle) of sixteen adjacent channels.
private func vectorSums(
  _ x: FloatView, _ dy: FloatView, around middle: SIMD16<Float>, _ layout: ChannelRuns,
  _ channel: Int
) -> (sum: SIMD16<Double>, product: SIMD16<Double>) {
  let runs = layout.runs
  var (sum, product) = (SIMD16<Double>(repeating: 0), SIMD16<Double>(repeating: 0))
  for example in 0..<runs.examples {
    let base = layout.base(example: example, channel: channel)
    var start = 0
    while start < runs.positions {
      let end = min(start &+ shortRun, runs.positions)
      var (short, shortProduct) = (SIMD16<Float>(repeating: 0), SIMD16<Float>(repeating: 0))
      for position in start..<end {
        let place = base &+ position &* runs.width
        let gradient = dy.load16(place)
        short += gradient
        shortProduct += gradient * (x.load16(place) - middle)
      }
      sum += SIMD16<Double>(short)
      product += SIMD16<Double>(shortProduct)
      start = end
    }
  }
  return (sum, product)
}

/// Merges the sums of all slices: ∂β, ∂γ, and the coefficients of the gradient of x.
///
/// ∂γ = inverse·Σ dy·(x − mean) and ∂β = Σ dy. With M values per channel in the batch, offset = Σ
/// dy / M and slope = inverse²·Σ dy·(x − mean) / M.
///
/// - Parameters:
///   - coefficients: the offset and the slope. Nil if x needs no gradient.
///   - count: the values per channel in the whole batch.
package func batchGradientMerge(
  _ parts: [DoubleView], inverse: FloatView, scaleGradient: FloatView?, shiftGradient: FloatView?,
  coefficients: (offset: FloatView, slope: FloatView)?, count: Int, channels: Int
) -> some Kernel {
  let (parts, inverse) = (parts.map { $0.checked(2 * channels) }, inverse.checked(channels))
  let scaleGradient = scaleGradient?.checked(channels)
  let shiftGradient = shiftGradient?.checked(channels)
  let count = Double(count)
  return PreparedLoop {
    for channel in 0..<channels {
      var (sum, product) = (0.0, 0.0)
      for part in parts {
        sum += part[2 * channel]
        product += part[2 * channel + 1]
      }
      let inverse = Double(inverse[channel])
      shiftGradient?[channel] = Float(sum)
      scaleGradient?[channel] = Float(inverse * product)
      coefficients?.offset[channel] = Float(sum / count)
      coefficients?.slope[channel] = Float(inverse * inverse * product / count)
    }
  }
}

/// dx = γ·inverse·(dy − offset − (x − mean)·slope), or γ·inverse·dy with constant statistics.
///
/// - Parameter coefficients: the offset and the slope. Nil if the statistics are constants.
package func batchNormalizationGradient(
  x: FloatView, dy: FloatView, mean: FloatView, inverse: FloatView, scale: FloatView?,
  coefficients: (offset: FloatView, slope: FloatView)?, to dx: FloatView, _ runs: TensorLayout.Runs
) -> some Kernel {
  let (x, dy, dx) = (x.checked(runs.count), dy.checked(runs.count), dx.checked(runs.count))
  let (mean, inverse) = (mean.checked(runs.channels), inverse.checked(runs.channels))
  let (scale, layout) = (scale?.checked(runs.channels), ChannelRuns(runs: runs))
  return PreparedLoop {
    for example in 0..<runs.examples {
      layout.forEachChannel { start in
        let base = layout.base(example: example, channel: start)
        let a = inverse.load16(start) * (scale?.load16(start) ?? SIMD16(repeating: 1))
        guard let coefficients else {
          for position in 0..<runs.positions {
            let place = base &+ position &* runs.width
            dx.store(dy.load16(place) * a, place)
          }
          return
        }
        let (middle, offset) = (mean.load16(start), coefficients.offset.load16(start))
        let slope = coefficients.slope.load16(start)
        for position in 0..<runs.positions {
          let place = base &+ position &* runs.width
          dx.store((dy.load16(place) - offset - (x.load16(place) - middle) * slope) * a, place)
        }
      } one: { channel in
        let base = layout.base(example: example, channel: channel)
        let a = inverse[channel] * (scale?[channel] ?? 1)
        let offset = coefficients?.offset[channel] ?? 0
        let (slope, middle) = (coefficients?.slope[channel] ?? 0, mean[channel])
        var position = 0
        if runs.width == 1 {
          while position &+ 16 <= runs.positions {
            let place = base &+ position
            dx.store((dy.load16(place) - offset - (x.load16(place) - middle) * slope) * a, place)
            position &+= 16
          }
        }
        while position < runs.positions {
          let place = base &+ position &* runs.width
          dx[place] = (dy[place] - offset - (x[place] - middle) * slope) * a
          position &+= 1
        }
      }
    }
  }
}
