internal import Kernels
internal import Tensors

/// The forward pass of batch normalization with an optional fused nonlinearity.
struct BatchNormalization: PrimitiveImplementation {
  let shape: NormalizationShape

  func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    let shape = Shape(self.shape.axes)
    let runs = self.shape.layout.runs(shape, examples: shape[0]).asOneExample
    let y = operands[operands.count - 1]
    let scale = self.shape.isAffine ? operands[3] : nil
    let shift = self.shape.isAffine ? operands[4] : nil
    let function = self.shape.nonlinearity
    var slope: Float?
    if case .relu(let value) = function { slope = value }
    let normalize = batchNormalization(
      operands[0], mean: operands[1], inverse: operands[2], scale: scale, shift: shift, to: y, runs,
      slope: slope)
    guard let function, slope == nil else { return normalize }
    return KernelSequence([normalize, nonlinearity(function, from: y, to: y, count: runs.count)])
  }
}

/// y = f((x − mean)·inverse·scale + shift), channel by channel.
///
/// f is a ReLU with `slope`. Without a slope, f is the identity.
private func batchNormalization(
  _ x: FloatView, mean: FloatView, inverse: FloatView, scale: FloatView?, shift: FloatView?,
  to y: FloatView, _ runs: TensorLayout.Runs, slope: Float?
) -> some Kernel {
  let (x, y, layout) = (x.checked(runs.count), y.checked(runs.count), ChannelRuns(runs: runs))
  let (mean, inverse) = (mean.checked(runs.channels), inverse.checked(runs.channels))
  let (scale, shift) = (scale?.checked(runs.channels), shift?.checked(runs.channels))

  @Sendable @inline(__always)
  func forEachRun(_ function: (SIMD16<Float>) -> SIMD16<Float>) {
    for example in 0..<runs.examples {
      layout.forEachPart { part in
        layout.forEachChannel { start in
          let base = layout.base(example: example, channel: start)
          let a = inverse.load16(start) * (scale?.load16(start) ?? SIMD16(repeating: 1))
          let middle = mean.load16(start)
          let b = shift?.load16(start) ?? SIMD16(repeating: 0)
          for position in part {
            let place = base &+ position &* runs.width
            y.store(function((x.load16(place) - middle) * a + b), place)
          }
        } one: { channel in
          let base = layout.base(example: example, channel: channel)
          let a = inverse[channel] * (scale?[channel] ?? 1)
          let (middle, b) = (mean[channel], shift?[channel] ?? 0)
          var position = part.lowerBound
          if runs.width == 1 {
            while position &+ 16 <= part.upperBound {
              y.store(function((x.load16(base &+ position) - middle) * a + b), base &+ position)
              position &+= 16
            }
          }
          while position < part.upperBound {
            let place = base &+ position &* runs.width
            y[place] = function(SIMD16(repeating: (x[place] - middle) * a + b))[0]
            position &+= 1
          }
        }
      }
    }
  }

  return PreparedLoop {
    if let slope {
      forEachRun { $0.rectified(slope: slope) }
    } else {
      forEachRun { $0 }
    }
  }
}
