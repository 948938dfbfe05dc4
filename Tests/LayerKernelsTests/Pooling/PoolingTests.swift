import Kernels
import LayerKernels
import Oracles
import Tensors
import Testing

/// Pooling by plain loops, of one row-major image with one channel.
private struct NaivePooling {
  enum Function: CaseIterable {
    case maximum
    case average
    case averageWithPadding
  }

  var function: Function
  var window: Window

  /// Returns the elements of the image in each window, and the divisor of a mean.
  private func windows() -> [(elements: [Int], count: Double)] {
    let (input, output) = (Shape(window.input), Shape(window.output))
    let kernel = Shape(window.axes.map(\.kernel))
    return (0..<output.count).map { place in
      let start = output.indices(of: place)
      var elements: [Int] = []
      var paddedCount = 0
      for offset in 0..<kernel.count {
        let tap = kernel.indices(of: offset)
        let index = window.axes.indices.map {
          start[$0] * window.axes[$0].stride + tap[$0] - window.axes[$0].padding
        }
        let isPadded = zip(index, window.axes).allSatisfy { $0 < $1.input + $1.padding }
        if isPadded { paddedCount += 1 }
        guard zip(index, input.axes).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
        elements.append(input.place(of: index))
      }
      return (
        elements, Double(function == .averageWithPadding ? paddedCount : elements.count)
      )
    }
  }

  func forward(_ x: [Float]) -> [Double] {
    windows().map { window in
      let values = window.elements.map { Double(x[$0]) }
      guard function == .maximum else { return values.reduce(0, +) / window.count }
      return values.max() ?? .nan
    }
  }

  /// Returns the place of the first greatest element of each window.
  func places(_ x: [Float]) -> [Int] {
    windows().map { window in
      let values = window.elements.map { x[$0] }
      return values.max().flatMap(values.firstIndex(of:)).map { window.elements[$0] } ?? -1
    }
  }

  func backward(_ x: [Float], _ dy: [Float]) -> [Double] {
    var dx = x.map { _ in 0.0 }
    guard function != .maximum else {
      for (place, gradient) in zip(places(x), dy) { dx[place] += Double(gradient) }
      return dx
    }
    for (window, gradient) in zip(windows(), dy) {
      for element in window.elements { dx[element] += Double(gradient) / window.count }
    }
    return dx
  }
}

@Suite("Pooling") struct PoolingTests {
  /// Returns a window of one to three axes. Some axes have padding. On some, the last window
  /// reaches beyond the image and its padding.
  private static func randomWindow(_ numbers: inout SeededNumbers) -> Window {
    Window(
      (0..<Int.random(in: 1...3, using: &numbers)).map { _ in
        let kernel = Int.random(in: 1...4, using: &numbers)
        let padding = Int.random(in: 0..<kernel, using: &numbers)
        let input = Int.random(in: max(1, kernel - 2 * padding)...7, using: &numbers)
        let stride = Int.random(in: 1...4, using: &numbers)
        let free = input + 2 * padding - kernel
        var output = free / stride + 1
        if Bool.random(using: &numbers), output * stride - padding < input { output += 1 }
        return Window.Axis(
          input: input, output: output, kernel: kernel, stride: stride, dilation: 1,
          padding: padding)
      })
  }

  @Test("gives the place of each maximum in its channel's image, for random shapes and layouts")
  func imagePlaces() {
    var numbers = SeededNumbers(seed: 34)
    for _ in 0..<200 {
      let window = PoolingTests.randomWindow(&numbers)
      let layout = Bool.random(using: &numbers) ? TensorLayout.plain : .channelsLast
      let channels = Int.random(in: 1...33, using: &numbers)
      let inputs = Shape([2, channels] + window.input)
      let outputs = Shape([2, channels] + window.output)
      let form = PoolingForm(window, inputs, layout, examples: 2)
      let x = numbers.floats(inputs.count).map { ($0 * 4).rounded() }
      let input = GuardedMemory(x.inLayout(layout, inputs))
      let result = GuardedMemory<Float>(count: outputs.count)
      let places = GuardedMemory<Float>(count: outputs.count)
      let mask = GuardedMemory<Float>(count: outputs.count)
      let kernels: [any Kernel] = [
        maximumPooling(form, of: input.view, to: result.view, places: places.view),
        LayerKernels.imagePlaces(form, of: places.view, to: mask.view),
      ]
      run(KernelSequence(kernels), holding: input, result, places, mask)
      #expect(mask.isIntact)
      let found = mask.values.rowMajor(from: layout, outputs)
      let (input1, output1) = (Shape(window.input).count, Shape(window.output).count)
      let naive = NaivePooling(function: .maximum, window: window)
      for image in 0..<2 * channels {
        let values = Array(x[image * input1..<(image + 1) * input1])
        #expect(
          found[image * output1..<(image + 1) * output1].map { Int($0) } == naive.places(values),
          "\(window.axes) \(channels) \(layout)")
      }
    }
  }

  /// Runs both directions of `function` on row-major `x` and `dy`, converted to `layout`.
  private func compute(
    _ function: NaivePooling.Function, _ window: Window, _ layout: TensorLayout, channels: Int,
    x: [Float], dy: [Float]
  ) -> (y: [Float], dx: [Float]) {
    let inputs = Shape([2, channels] + window.input)
    let outputs = Shape([2, channels] + window.output)
    let form = PoolingForm(window, inputs, layout, examples: 2)
    let input = GuardedMemory(x.inLayout(layout, inputs))
    let result = GuardedMemory<Float>(count: outputs.count)
    let gradient = GuardedMemory(dy.inLayout(layout, outputs))
    let inputGradient = GuardedMemory<Float>(count: inputs.count)
    let places = GuardedMemory<Float>(count: outputs.count)
    let counts = function == .averageWithPadding
    let kernels: [any Kernel] =
      function == .maximum
      ? [
        maximumPooling(form, of: input.view, to: result.view, places: places.view),
        maximumPoolingGradient(
          form, of: gradient.view, to: inputGradient.view, places: places.view),
      ]
      : [
        averagePooling(form, countsPadding: counts, of: input.view, to: result.view),
        averagePoolingGradient(
          form, countsPadding: counts, of: gradient.view, to: inputGradient.view),
      ]
    run(KernelSequence(kernels), holding: input, result, gradient, inputGradient, places)
    #expect(result.isIntact && inputGradient.isIntact && places.isIntact)
    return (
      result.values.rowMajor(from: layout, outputs),
      inputGradient.values.rowMajor(from: layout, inputs)
    )
  }

  @Test(
    "agrees with plain loops for random shapes and layouts, in both directions",
    arguments: NaivePooling.Function.allCases)
  fileprivate func randomShapes(function: NaivePooling.Function) {
    var numbers = SeededNumbers(seed: 33)
    for _ in 0..<300 {
      let window = PoolingTests.randomWindow(&numbers)
      let layout = Bool.random(using: &numbers) ? TensorLayout.plain : .channelsLast
      let fillsVectors = Int.random(in: 0...2, using: &numbers) == 0
      let channels =
        fillsVectors
        ? 16 * Int.random(in: 1...2, using: &numbers) : Int.random(in: 1...33, using: &numbers)
      let (input, output) = (Shape(window.input).count, Shape(window.output).count)
      // Few different values, so that some are equal.
      let x = numbers.floats(2 * channels * input).map { ($0 * 4).rounded() }
      let dy = numbers.floats(2 * channels * output)
      let naive = NaivePooling(function: function, window: window)
      let computed = compute(function, window, layout, channels: channels, x: x, dy: dy)
      for image in 0..<2 * channels {
        let values = Array(x[image * input..<(image + 1) * input])
        let gradients = Array(dy[image * output..<(image + 1) * output])
        let y = zip(naive.forward(values), computed.y[image * output..<(image + 1) * output])
        let dx = zip(
          naive.backward(values, gradients), computed.dx[image * input..<(image + 1) * input])
        #expect(
          y.allSatisfy { abs($0 - Double($1)) < 1e-5 }, "\(window.axes) \(channels) \(layout)")
        #expect(
          dx.allSatisfy { abs($0 - Double($1)) < 1e-5 }, "\(window.axes) \(channels) \(layout)")
      }
    }
  }

  @Test(
    "uses the first NaN of a window as its maximum, and passes the gradient to it",
    arguments: [1, 8, 11])
  func notANumber(channels: Int) {
    let axis = Window.Axis(input: 8, output: 2, kernel: 4, stride: 4, dilation: 1, padding: 0)
    let row: [Float] = [1, .nan, .infinity, .nan, -.infinity, -.infinity, -.infinity, -.infinity]
    let images = Array(repeatElement(row, count: 2 * channels).joined())
    let gradients = Array(repeatElement([Float(3), 5], count: 2 * channels).joined())
    let computed = compute(
      .maximum, Window([axis]), .channelsLast, channels: channels, x: images, dy: gradients)
    for image in 0..<2 * channels {
      #expect(computed.y[image * 2].isNaN)
      #expect(computed.y[image * 2 + 1] == -.infinity)
      #expect(Array(computed.dx[image * 8..<(image + 1) * 8]) == [0, 3, 0, 0, 5, 0, 0, 0])
    }
  }
}
