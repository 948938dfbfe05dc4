package import Kernels
internal import Tensors

/// part = (Σ dy, Σ dy·(x − mean)) of every channel over a slice's examples.
package func batchGradientSums(
  x: FloatView, dy: FloatView, mean: FloatView, to part: DoubleView, _ runs: TensorLayout.Runs
) -> some Kernel {
  let (x, dy, runs) = (x.checked(runs.count), dy.checked(runs.count), runs.asOneExample)
  let layout = ChannelRuns(runs: runs)
  let (mean, part) = (mean.checked(runs.channels), part.checked(2 * runs.channels))
  let vectors = VectorSums(layout)
  return PreparedLoop {
    vectors.run(x, dy, mean: mean, to: part)
    layout.forEachChannel { _ in
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

/// Σ dy and Σ dy·(x − mean) of the channels that are visited in vectors.
///
/// Runs of 64 positions are added in single precision, and their sums in double precision.
private struct VectorSums: Sendable {
  /// The positions that one single-precision sum covers.
  private static let shortRun = 64

  private let layout: ChannelRuns
  private let starts: ContiguousArray<Int>
  /// For each vector, the sums of a short run, and those of all runs.
  private let short: FloatView
  private let long: DoubleView
  private let memory: (FloatStorage, Storage<Double>)

  init(_ layout: ChannelRuns) {
    self.layout = layout
    starts = ContiguousArray(layout.vectorStarts)
    let count = 2 * ChannelRuns.width * max(1, starts.count)
    guard let short = FloatStorage(count: count), let long = Storage<Double>(count: count) else {
      preconditionFailure("no memory for the sums of \(layout.runs.channels) channels")
    }
    memory = (short, long)
    self.short = FloatView(short)
    self.long = DoubleView(long)
  }

  func run(_ x: FloatView, _ dy: FloatView, mean: FloatView, to part: DoubleView) {
    guard !starts.isEmpty else { return }
    let runs = layout.runs
    long.fill(with: 0)
    for example in 0..<runs.examples {
      var start = 0
      while start < runs.positions {
        let end = min(start &+ VectorSums.shortRun, runs.positions)
        add(x, dy, mean: mean, example: example, start..<end)
        start = end
      }
    }
    for (vector, start) in starts.enumerated() {
      for lane in 0..<ChannelRuns.width {
        part[2 * (start + lane)] = long[32 * vector + lane]
        part[2 * (start + lane) + 1] = long[32 * vector + 16 + lane]
      }
    }
  }

  /// Adds the positions of one short run.
  private func add(
    _ x: FloatView, _ dy: FloatView, mean: FloatView, example: Int, _ positions: Range<Int>
  ) {
    let width = layout.runs.width
    layout.forEachPart(of: positions) { part in
      let isFirst = part.lowerBound == positions.lowerBound
      for vector in 0..<starts.count {
        let (channel, place) = (starts[vector], 32 &* vector)
        let base = layout.base(example: example, channel: channel)
        let middle = mean.load16(channel)
        var sum = isFirst ? SIMD16(repeating: 0) : short.load16(place)
        var product = isFirst ? SIMD16(repeating: 0) : short.load16(place &+ 16)
        for position in part {
          let element = base &+ position &* width
          let gradient = dy.load16(element)
          sum += gradient
          product += gradient * (x.load16(element) - middle)
        }
        if part.upperBound < positions.upperBound {
          short.store(sum, place)
          short.store(product, place &+ 16)
        } else {
          long.add(SIMD16<Double>(sum), at: place)
          long.add(SIMD16<Double>(product), at: place &+ 16)
        }
      }
    }
  }
}

extension DoubleView {
  @inline(__always)
  fileprivate func add(_ values: SIMD16<Double>, at place: Int) {
    for lane in 0..<16 { self[place &+ lane] += values[lane] }
  }
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
      let sum = SliceTree.joined(0..<parts.count, { parts[$0][2 * channel] }, +)
      let product = SliceTree.joined(0..<parts.count, { parts[$0][2 * channel + 1] }, +)
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
  let runs = runs.asOneExample
  let (mean, inverse) = (mean.checked(runs.channels), inverse.checked(runs.channels))
  let (scale, layout) = (scale?.checked(runs.channels), ChannelRuns(runs: runs))
  return PreparedLoop {
    for example in 0..<runs.examples {
      layout.forEachPart { part in
        layout.forEachChannel { start in
          let base = layout.base(example: example, channel: start)
          let a = inverse.load16(start) * (scale?.load16(start) ?? SIMD16(repeating: 1))
          guard let coefficients else {
            for position in part {
              let place = base &+ position &* runs.width
              dx.store(dy.load16(place) * a, place)
            }
            return
          }
          let (middle, offset) = (mean.load16(start), coefficients.offset.load16(start))
          let slope = coefficients.slope.load16(start)
          for position in part {
            let place = base &+ position &* runs.width
            dx.store((dy.load16(place) - offset - (x.load16(place) - middle) * slope) * a, place)
          }
        } one: { channel in
          let base = layout.base(example: example, channel: channel)
          let a = inverse[channel] * (scale?[channel] ?? 1)
          let offset = coefficients?.offset[channel] ?? 0
          let (slope, middle) = (coefficients?.slope[channel] ?? 0, mean[channel])
          var position = part.lowerBound
          if runs.width == 1 {
            while position &+ 16 <= part.upperBound {
              let place = base &+ position
              dx.store((dy.load16(place) - offset - (x.load16(place) - middle) * slope) * a, place)
              position &+= 16
            }
          }
          while position < part.upperBound {
            let place = base &+ position &* runs.width
            dx[place] = (dy[place] - offset - (x[place] - middle) * slope) * a
            position &+= 1
          }
        }
      }
    }
  }
}
