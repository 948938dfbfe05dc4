import Kernels
import Oracles
import Testing

@Suite("Parts of a convolution") struct ConvolutionPartTests {
  typealias Direction = ConvolutionShape.Direction

  private static func shape(
    _ direction: Direction, _ algorithm: ConvolutionShape.Algorithm
  ) -> ConvolutionShape {
    let axis = Window.Axis(input: 7, output: 7, kernel: 3, stride: 1, dilation: 1, padding: 1)
    var shape = ConvolutionShape(
      direction, examples: 2, inputChannels: 70, outputChannels: 39, groups: 1,
      window: Window([axis, axis]), hasBias: direction == .forward,
      nonlinearity: direction == .forward ? .relu(slope: 0.25) : nil)
    shape.hasAddend = direction != .backwardWeights
    shape.maskSlope = direction == .backwardData ? 0.25 : nil
    shape.algorithm = algorithm
    return shape
  }

  /// Returns the operands without the result, and the number of the result's elements.
  private static func operands(
    _ shape: ConvolutionShape
  ) -> (operands: [[Float]], resultCount: Int) {
    var numbers = SeededNumbers(seed: 172)
    let x = numbers.floats(shape.inputAxes.reduce(1, *))
    let weights = numbers.floats(shape.weightCount)
    let y = numbers.floats(shape.outputAxes.reduce(1, *))
    return switch shape.direction {
    case .forward: ([x, weights, numbers.floats(shape.outputChannels), y], y.count)
    case .backwardData: ([y, weights, x, numbers.floats(x.count)], x.count)
    case .backwardWeights: ([x, y], weights.count)
    }
  }

  /// The channel of the result that an element belongs to.
  private static func channel(_ element: Int, _ shape: ConvolutionShape) -> Int {
    shape.direction == .backwardWeights
      ? element / (shape.weightCount / shape.outputChannels) : element % shape.resultChannels
  }

  @Test(
    "has the bits of the whole, and writes nothing else",
    arguments: [Direction.forward, .backwardData, .backwardWeights],
    ConvolutionShape.Algorithm.allCases)
  func bits(direction: Direction, algorithm: ConvolutionShape.Algorithm) throws {
    var shape = ConvolutionPartTests.shape(direction, algorithm)
    let (operands, count) = ConvolutionPartTests.operands(shape)
    let whole = try #require(
      try shape.implementation().result(of: operands, count: count, shift: 0))
    for part in [0..<17, 17..<shape.resultChannels] {
      shape.part = part
      for packsItself in [false, true] {
        shape.packsItself = packsItself
        let implementation = try shape.implementation()
        #expect(implementation.packing == nil || !packsItself)
        #expect(implementation.scratchCount == shape.extraMemory.scratch)
        let values = try #require(
          try implementation.result(of: operands, count: count, shift: 0))
        // Elements that no kernel wrote are NaN.
        let expected = whole.enumerated().map { element, value in
          part.contains(ConvolutionPartTests.channel(element, shape)) ? value : .nan
        }
        #expect(bitMismatch(values, expected) == nil)
      }
    }
  }
}
