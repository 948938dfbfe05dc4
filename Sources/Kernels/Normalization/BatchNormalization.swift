internal import Tensors

/// y = f((x − mean)·inverse·γ + β), channel by channel, f being a nonlinearity or nothing.
///
/// Operands: x, mean, inverse, then γ and β where `isAffine`, then y.
package struct NormalizationShape: FusibleShape {
  package var axes: [Int]
  package var layout: TensorLayout
  package var isAffine: Bool
  package var nonlinearity: Nonlinearity?

  /// - Parameter axes: [examples, C, spatial…].
  package init(axes: [Int], layout: TensorLayout, isAffine: Bool) {
    self.axes = axes
    self.layout = layout
    self.isAffine = isAffine
  }

  package var isRepeatable: Bool { true }

  package func implementation() -> any PrimitiveImplementation { Normalization(shape: self) }
}

private struct Normalization: PrimitiveImplementation {
  let shape: NormalizationShape

  func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    let shape = Shape(self.shape.axes)
    let runs = self.shape.layout.runs(shape, examples: shape[0])
    let normalize = BatchNormalize(
      operands[0], mean: operands[1], inverse: operands[2],
      scale: self.shape.isAffine ? operands[3] : nil,
      shift: self.shape.isAffine ? operands[4] : nil,
      to: operands[operands.count - 1], runs, nonlinearity: self.shape.nonlinearity)
    guard let function = self.shape.nonlinearity, !normalize.isFused else { return normalize }
    let y = operands[operands.count - 1]
    return KernelSequence([
      normalize, nonlinearity(function, from: y, to: y, count: runs.count),
    ])
  }
}

/// The loops of ``NormalizationShape``. ReLU is part of them.
private struct BatchNormalize: Kernel {
  private let x: FloatView
  private let mean: FloatView
  private let inverse: FloatView
  private let scale: FloatView?
  private let shift: FloatView?
  private let y: FloatView
  private let layout: ChannelRuns
  private let slope: Float?

  /// Whether the nonlinearity is computed here.
  let isFused: Bool

  init(
    _ x: FloatView, mean: FloatView, inverse: FloatView, scale: FloatView?, shift: FloatView?,
    to y: FloatView, _ runs: TensorLayout.Runs, nonlinearity: Nonlinearity?
  ) {
    self.x = x.checked(runs.count)
    self.mean = mean.checked(runs.channels)
    self.inverse = inverse.checked(runs.channels)
    self.scale = scale?.checked(runs.channels)
    self.shift = shift?.checked(runs.channels)
    self.y = y.checked(runs.count)
    layout = ChannelRuns(runs: runs)
    if case .relu(let slope) = nonlinearity { self.slope = slope } else { slope = nil }
    isFused = slope != nil
  }

  func run() {
    if let slope {
      forEachRun { $0.replacing(with: $0 * slope, where: $0 .<= 0) }
    } else {
      forEachRun { $0 }
    }
  }

  @inline(__always)
  private func forEachRun(_ function: (SIMD16<Float>) -> SIMD16<Float>) {
    let runs = layout.runs
    for example in 0..<runs.examples {
      layout.forEachChannel { start in
        let base = layout.base(example: example, channel: start)
        let a = inverse.load16(start) * (scale?.load16(start) ?? SIMD16(repeating: 1))
        let middle = mean.load16(start)
        let b = shift?.load16(start) ?? SIMD16(repeating: 0)
        for position in 0..<runs.positions {
          let place = base &+ position &* runs.width
          y.store(function((x.load16(place) - middle) * a + b), place)
        }
      } one: { channel in
        one(channel, layout.base(example: example, channel: channel), function)
      }
    }
  }

  /// A channel by itself.
  @inline(__always)
  private func one(_ channel: Int, _ base: Int, _ function: (SIMD16<Float>) -> SIMD16<Float>) {
    let runs = layout.runs
    let a = inverse[channel] * (scale?[channel] ?? 1)
    let (middle, b) = (mean[channel], shift?[channel] ?? 0)
    var position = 0
    if runs.width == 1 {
      while position &+ 16 <= runs.positions {
        y.store(function((x.load16(base &+ position) - middle) * a + b), base &+ position)
        position &+= 16
      }
    }
    while position < runs.positions {
      let place = base &+ position &* runs.width
      y[place] = function(SIMD16(repeating: (x[place] - middle) * a + b))[0]
      position &+= 1
    }
  }
}
