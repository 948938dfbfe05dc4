/// Σ dy and Σ dy·(x − mean) of every channel over a slice's examples; part = the two, a channel.
package struct BatchGradientSums: Kernel {
  private let x: FloatView
  private let dy: FloatView
  private let mean: FloatView
  private let part: DoubleView
  private let layout: ChannelRuns

  package init(
    x: FloatView, dy: FloatView, mean: FloatView, to part: DoubleView, _ runs: TensorLayout.Runs
  ) {
    self.x = x.checked(runs.count)
    self.dy = dy.checked(runs.count)
    self.mean = mean.checked(runs.channels)
    self.part = part.checked(2 * runs.channels)
    layout = ChannelRuns(runs: runs)
  }

  /// Positions that are added in single precision.
  private static let shortRun = 64

  package func run() {
    layout.forEachChannel(vector: takeVector, one: takeOne)
  }

  private func takeVector(_ channel: Int) {
    let runs = layout.runs
    var (sum, product) = (SIMD16<Double>(repeating: 0), SIMD16<Double>(repeating: 0))
    let middle = mean.load16(channel)
    for example in 0..<runs.examples {
      let base = layout.base(example: example, channel: channel)
      var start = 0
      while start < runs.positions {
        let end = min(start &+ BatchGradientSums.shortRun, runs.positions)
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
    for lane in 0..<ChannelRuns.width {
      part[2 * (channel + lane)] = sum[lane]
      part[2 * (channel + lane) + 1] = product[lane]
    }
  }

  private func takeOne(_ channel: Int) {
    let runs = layout.runs
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

/// The sums of the whole batch from its slices' parts: ∂β, ∂γ, and what the gradient of x subtracts.
///
/// ∂γ = inverse·Σ dy·(x − mean), ∂β = Σ dy; of a batch of M values a channel, offset = Σ dy / M and
/// slope = inverse²·Σ dy·(x − mean) / M.
package struct BatchGradientMerge: Kernel {
  private let parts: [DoubleView]
  private let inverse: FloatView
  private let scaleGradient: FloatView?
  private let shiftGradient: FloatView?
  private let coefficients: (offset: FloatView, slope: FloatView)?
  private let count: Double
  private let channels: Int

  /// - Parameters:
  ///   - coefficients: nil if x needs no gradient.
  ///   - count: values a channel in the whole batch.
  package init(
    _ parts: [DoubleView], inverse: FloatView, scaleGradient: FloatView?, shiftGradient: FloatView?,
    coefficients: (offset: FloatView, slope: FloatView)?, count: Int, channels: Int
  ) {
    self.parts = parts.map { $0.checked(2 * channels) }
    self.inverse = inverse.checked(channels)
    self.scaleGradient = scaleGradient?.checked(channels)
    self.shiftGradient = shiftGradient?.checked(channels)
    self.coefficients = coefficients
    self.count = Double(count)
    self.channels = channels
  }

  package func run() {
    for channel in 0..<channels {
      var (sum, product) = (0.0, 0.0)
      for part in parts {
        sum += part[2 * channel]
        product += part[2 * channel + 1]
      }
      let inverse = Double(self.inverse[channel])
      shiftGradient?[channel] = Float(sum)
      scaleGradient?[channel] = Float(inverse * product)
      coefficients?.offset[channel] = Float(sum / count)
      coefficients?.slope[channel] = Float(inverse * inverse * product / count)
    }
  }
}

/// dx = γ·inverse·(dy − offset − (x − mean)·slope); with statistics that are constants, dx = γ·inverse·dy.
package struct BatchNormalizeGradient: Kernel {
  private let x: FloatView
  private let dy: FloatView
  private let mean: FloatView
  private let inverse: FloatView
  private let scale: FloatView?
  private let coefficients: (offset: FloatView, slope: FloatView)?
  private let dx: FloatView
  private let layout: ChannelRuns

  /// - Parameter coefficients: nil if the statistics are constants.
  package init(
    x: FloatView, dy: FloatView, mean: FloatView, inverse: FloatView, scale: FloatView?,
    coefficients: (offset: FloatView, slope: FloatView)?, to dx: FloatView,
    _ runs: TensorLayout.Runs
  ) {
    self.x = x.checked(runs.count)
    self.dy = dy.checked(runs.count)
    self.mean = mean.checked(runs.channels)
    self.inverse = inverse.checked(runs.channels)
    self.scale = scale?.checked(runs.channels)
    self.coefficients = coefficients
    self.dx = dx.checked(runs.count)
    layout = ChannelRuns(runs: runs)
  }

  package func run() {
    for example in 0..<layout.runs.examples {
      layout.forEachChannel { start in
        takeVector(start, layout.base(example: example, channel: start))
      } one: { channel in
        takeOne(channel, layout.base(example: example, channel: channel))
      }
    }
  }

  private func takeVector(_ channel: Int, _ base: Int) {
    let runs = layout.runs
    let a = inverse.load16(channel) * (scale?.load16(channel) ?? SIMD16(repeating: 1))
    guard let coefficients else {
      for position in 0..<runs.positions {
        let place = base &+ position &* runs.width
        dx.store(dy.load16(place) * a, place)
      }
      return
    }
    let (middle, offset) = (mean.load16(channel), coefficients.offset.load16(channel))
    let slope = coefficients.slope.load16(channel)
    for position in 0..<runs.positions {
      let place = base &+ position &* runs.width
      dx.store((dy.load16(place) - offset - (x.load16(place) - middle) * slope) * a, place)
    }
  }

  private func takeOne(_ channel: Int, _ base: Int) {
    let runs = layout.runs
    let a = inverse[channel] * (scale?[channel] ?? 1)
    let (offset, slope) = (
      coefficients?.offset[channel] ?? 0, coefficients?.slope[channel] ?? 0
    )
    let middle = mean[channel]
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
