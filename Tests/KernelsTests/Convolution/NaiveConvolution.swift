import Kernels
import Oracles
import Tensors

/// A convolution of random operands, with its result by a plain loop in double precision.
struct NaiveConvolution {
  let shape: ConvolutionShape
  /// The input in row-major order, like all other tensors of this type.
  let input: [Float]
  let weights: [Float]
  let bias: [Float]
  /// A tensor with the shape of the output.
  let addend: [Float]
  let outputGradient: [Float]

  /// Returns a convolution with a random shape.
  static func random(_ numbers: inout SeededNumbers) -> NaiveConvolution {
    let spatial = Int.random(in: 1...3, using: &numbers)
    let groups = [1, 1, 1, 2, 3][Int.random(in: 0...4, using: &numbers)]
    let window = Window(
      (0..<spatial).map { _ in
        var axis = Window.Axis(
          input: Int.random(in: 1...(spatial == 3 ? 5 : 9), using: &numbers), output: 0,
          kernel: Int.random(in: 1...3, using: &numbers),
          stride: Int.random(in: 1...3, using: &numbers),
          dilation: Int.random(in: 1...2, using: &numbers),
          padding: Int.random(in: 0...2, using: &numbers))
        // The input must be at least as large as the window.
        axis.input = max(axis.input, axis.reach - 2 * axis.padding, 1)
        axis.output = (axis.input + 2 * axis.padding - axis.reach) / axis.stride + 1
        return axis
      })
    let shape = ConvolutionShape(
      .forward, examples: Int.random(in: 1...3, using: &numbers),
      inputChannels: groups * Int.random(in: 1...9, using: &numbers),
      outputChannels: groups * Int.random(in: 1...9, using: &numbers), groups: groups,
      window: window, hasBias: Bool.random(using: &numbers))
    return NaiveConvolution(shape, &numbers)
  }

  init(_ shape: ConvolutionShape, _ numbers: inout SeededNumbers) {
    self.shape = shape
    input = numbers.floats(shape.inputAxes.reduce(1, *))
    weights = numbers.floats(shape.weightAxes.reduce(1, *))
    bias = numbers.floats(shape.outputChannels)
    outputGradient = numbers.floats(shape.outputAxes.reduce(1, *))
    addend = numbers.floats(outputGradient.count)
  }

  /// Calls `body` for every multiplication, with the row-major places of input, weight and output.
  private func forEachTerm(_ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void) {
    let (inputs, outputs) = (Shape(shape.inputAxes), Shape(shape.outputAxes))
    let kernel = Shape([shape.inputChannels / shape.groups] + shape.window.axes.map(\.kernel))
    let perGroup = shape.outputChannels / shape.groups
    for place in 0..<outputs.count {
      let output = outputs.indices(of: place)
      for offset in 0..<kernel.count {
        let tap = kernel.indices(of: offset)
        var index = [
          output[0], output[1] / perGroup * (shape.inputChannels / shape.groups) + tap[0],
        ]
        for (axis, extent) in shape.window.axes.enumerated() {
          index.append(
            output[axis + 2] * extent.stride + tap[axis + 1] * extent.dilation - extent.padding)
        }
        guard zip(index, inputs.axes).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
        body(inputs.place(of: index), output[1] * kernel.count + offset, place)
      }
    }
  }

  /// Returns the exact result of a direction, in row-major order.
  func expected(_ direction: ConvolutionShape.Direction) -> [Double] {
    switch direction {
    case .forward:
      let outputs = Shape(shape.outputAxes)
      var y = (0..<outputs.count).map {
        (shape.hasBias ? Double(bias[outputs.indices(of: $0)[1]]) : 0)
          + (shape.hasAddend ? Double(addend[$0]) : 0)
      }
      forEachTerm { y[$2] += Double(input[$0]) * Double(weights[$1]) }
      return y
    case .backwardData:
      var dx = [Double](repeating: 0, count: input.count)
      forEachTerm { dx[$0] += Double(outputGradient[$2]) * Double(weights[$1]) }
      return dx
    case .backwardWeights:
      var dw = [Double](repeating: 0, count: weights.count)
      forEachTerm { dw[$1] += Double(outputGradient[$2]) * Double(input[$0]) }
      return dw
    }
  }

  /// Returns the primitive's result of a direction, in row-major order.
  func computed(_ direction: ConvolutionShape.Direction) throws -> [Float] {
    var shape = shape
    shape.direction = direction
    if direction != .forward { shape.hasBias = false }
    let implementation = try shape.implementation()
    let (inputs, outputs) = (Shape(shape.inputAxes), Shape(shape.outputAxes))
    let inputMemory = GuardedMemory(input.inLayout(.channelsLast, inputs))
    let gradientMemory = GuardedMemory(outputGradient.inLayout(.channelsLast, outputs))
    let biasMemory = GuardedMemory(bias)
    let addendMemory = GuardedMemory(addend.inLayout(.channelsLast, outputs))
    let weightMemory = GuardedMemory(weights)
    let scratch = GuardedMemory<Float>(count: max(implementation.scratchCount, 1))
    var packed: GuardedMemory<Float>?
    if let packing = implementation.packing {
      let memory = GuardedMemory<Float>(count: packing.count)
      try packing.kernel(from: weightMemory.view, to: memory.view).run()
      packed = memory
    }
    let read = packed ?? weightMemory
    let result: GuardedMemory<Float>
    let operands: [FloatView]
    switch direction {
    case .forward:
      result = GuardedMemory(count: outputs.count)
      operands =
        [inputMemory.view, read.view] + (shape.hasBias ? [biasMemory.view] : [])
        + (shape.hasAddend ? [addendMemory.view] : []) + [result.view]
    case .backwardData:
      result = GuardedMemory(count: inputs.count)
      operands = [gradientMemory.view, read.view, result.view]
    case .backwardWeights:
      result = GuardedMemory(count: weights.count)
      operands = [inputMemory.view, gradientMemory.view, result.view]
    }
    let kernel = try implementation.kernel(operands, scratch: scratch.view)
    run(
      kernel, holding: inputMemory, gradientMemory, biasMemory, addendMemory, read, scratch, result)
    precondition(result.isIntact && scratch.isIntact, "a kernel wrote beyond its operand")
    switch direction {
    case .forward: return result.values.rowMajor(from: .channelsLast, outputs)
    case .backwardData: return result.values.rowMajor(from: .channelsLast, inputs)
    case .backwardWeights: return result.values
    }
  }
}
