import Kernels
import Oracles
import Tensors
import Testing

@Suite("Pooling") struct PoolingTests {
  /// What a plain loop makes of one image channel.
  private static func naive(
    _ function: PoolingShape.Function, _ window: Window, _ x: ArraySlice<Float>
  ) -> [Double] {
    let (input, output) = (Shape(window.input), Shape(window.output))
    let kernel = Shape(window.axes.map(\.kernel))
    return (0..<output.count).map { place in
      let start = output.indices(of: place)
      var values: [Double] = []
      for offset in 0..<kernel.count {
        let tap = kernel.indices(of: offset)
        let index = window.axes.indices.map {
          start[$0] * window.axes[$0].stride + tap[$0] - window.axes[$0].padding
        }
        guard zip(index, input.axes).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
        values.append(Double(x[x.startIndex + input.place(of: index)]))
      }
      switch function {
      case .maximum: return values.max() ?? -.infinity
      case .averageWithoutPadding: return values.reduce(0, +) / Double(values.count)
      case .averageWithPadding: return values.reduce(0, +) / Double(kernel.count)
      }
    }
  }

  private static func randomWindow(_ numbers: inout SeededNumbers) -> Window {
    Window(
      (0..<Int.random(in: 1...3, using: &numbers)).map { _ in
        let kernel = Int.random(in: 1...3, using: &numbers)
        let padding = Int.random(in: 0..<kernel, using: &numbers)
        let input = Int.random(in: kernel...6, using: &numbers)
        let stride = Int.random(in: 1...3, using: &numbers)
        return Window.Axis(
          input: input, output: (input + 2 * padding - kernel) / stride + 1, kernel: kernel,
          stride: stride, dilation: 1, padding: padding)
      })
  }

  @Test(
    "agrees with plain loops for random shapes and layouts",
    arguments: [
      PoolingShape.Function.maximum, .averageWithoutPadding, .averageWithPadding,
    ])
  func randomShapes(function: PoolingShape.Function) throws {
    var numbers = SeededNumbers(seed: 33)
    for _ in 0..<200 {
      let window = PoolingTests.randomWindow(&numbers)
      let layout = [TensorLayout.plain, .channelsLast, .blocked][
        Int.random(in: 0...2, using: &numbers)]
      let channels = layout == .blocked ? 16 : Int.random(in: 1...19, using: &numbers)
      let shape = PoolingShape(
        function, isBackward: false, examples: 2, channels: channels, window: window,
        layout: layout)
      let (inputs, outputs) = (Shape(shape.inputAxes), Shape(shape.outputAxes))
      let x = numbers.floats(inputs.count)
      let size = inputs.count / (2 * channels)
      let expected = (0..<2 * channels).flatMap {
        PoolingTests.naive(function, window, x[$0 * size..<($0 + 1) * size])
      }
      let memory = GuardedMemory(x.inLayout(layout, inputs))
      let result = GuardedMemory<Float>(count: outputs.count)
      let places = GuardedMemory<Float>(
        count: 2 * PoolingShape.placeCount(window: window, channels: channels))
      let implementation = try shape.implementation()
      let scratch = GuardedMemory<Float>(count: max(implementation.scratchCount, 1))
      let operands = [memory.view, result.view] + (function == .maximum ? [places.view] : [])
      run(
        try implementation.kernel(operands, scratch: scratch.view), holding: memory, result,
        places, scratch)
      #expect(result.isIntact && places.isIntact)
      let computed = result.values.rowMajor(from: layout, outputs)
      let worst = zip(expected, computed).map { abs($0 - Double($1)) }.max() ?? 0
      #expect(worst < 1e-5, "\(shape.inputAxes) \(window.axes) \(layout)")
    }
  }

  @Test("has a mean of windows that are cut off behind counted padding, and its gradient")
  func windowMean() {
    var numbers = SeededNumbers(seed: 34)
    // 6 elements with 1 of padding; windows of 3 at −1, 1, 3, 5: the last ends in the padding.
    let axis = Window.Axis(input: 6, output: 4, kernel: 3, stride: 2, dilation: 1, padding: 1)
    let x = numbers.floats(6)
    let (input, output) = (GuardedMemory(x), GuardedMemory<Float>(count: 4))
    run(
      WindowMean(of: input.view, to: output.view, Window([axis]), images: 1, isBackward: false),
      holding: input, output)
    let expected = [
      (x[0] + x[1]) / 3, (x[1] + x[2] + x[3]) / 3, (x[3] + x[4] + x[5]) / 3, x[5] / 2,
    ]
    #expect(zip(output.values, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    let (gradient, dx) = (GuardedMemory<Float>([3, 6, 9, 8]), GuardedMemory<Float>(count: 6))
    run(
      WindowMean(of: dx.view, to: gradient.view, Window([axis]), images: 1, isBackward: true),
      holding: gradient, dx)
    #expect(dx.values == [1, 3, 2, 5, 3, 7])
    #expect(dx.isIntact && output.isIntact)
  }
}
