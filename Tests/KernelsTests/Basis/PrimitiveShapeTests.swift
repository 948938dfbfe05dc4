import Kernels
import Oracles
import Testing

@Suite("The shapes of primitives") struct PrimitiveShapeTests {
  private static let relu = NonlinearityShape(.relu(slope: 0), count: 12)
  private static let gradient = NonlinearityGradientShape(.relu(slope: 0.25), count: 12)
  private static let pair = SumShape(parts: 2, count: 12)

  private static func convolution(
    _ direction: ConvolutionShape.Direction
  ) -> ConvolutionShape {
    let axis = Window.Axis(input: 4, output: 4, kernel: 3, stride: 1, dilation: 1, padding: 1)
    return ConvolutionShape(
      direction, examples: 2, inputChannels: 16, outputChannels: 16, groups: 1,
      window: Window([axis, axis]))
  }

  @Test("fuse with one nonlinearity if a kernel computes both")
  func nonlinearity() throws {
    let product = ProductShape(rows: 3, depth: 2, columns: 4)
    let fused = try #require(product.fused(with: PrimitiveShapeTests.relu) as? ProductShape)
    var expected = product
    expected.nonlinearity = .relu(slope: 0)
    #expect(fused == expected)
    #expect(fused.fused(with: PrimitiveShapeTests.relu) == nil)
    #expect(product.fused(with: PrimitiveShapeTests.pair) == nil)
    let reorder = ReorderShape(axes: [2, 3, 2], from: .plain, to: .channelsLast)
    #expect(reorder.fused(with: PrimitiveShapeTests.relu) == nil)
    #expect(PrimitiveShapeTests.relu.fused(with: PrimitiveShapeTests.relu) == nil)
  }

  @Test("fuse with the gradient of a ReLU if tiles or a sum apply it")
  func gradient() throws {
    let product = ProductShape(rows: 3, depth: 2, columns: 4)
    let fused = try #require(product.fused(with: PrimitiveShapeTests.gradient) as? ProductShape)
    var expected = product
    expected.maskSlope = 0.25
    #expect(fused == expected)
    for next: any PrimitiveShape in [PrimitiveShapeTests.relu, PrimitiveShapeTests.gradient] {
      #expect(fused.fused(with: next) == nil)
    }
    for function in [Nonlinearity.sigmoid, .tanh] {
      #expect(product.fused(with: NonlinearityGradientShape(function, count: 12)) == nil)
    }
    #expect(
      PrimitiveShapeTests.pair.fused(with: PrimitiveShapeTests.gradient) as? SumShape != nil)
  }

  @Test("fuse a ReLU and its gradient with a convolution, but not with the gradient of filters")
  func convolutions() {
    for next: any PrimitiveShape in [PrimitiveShapeTests.relu, PrimitiveShapeTests.gradient] {
      func isFused(_ direction: ConvolutionShape.Direction) -> Bool {
        PrimitiveShapeTests.convolution(direction).fused(with: next) != nil
      }
      #expect(isFused(.forward) && isFused(.backwardData) && !isFused(.backwardWeights))
    }
    let convolution = PrimitiveShapeTests.convolution(.forward)
    for function in [Nonlinearity.sigmoid, .tanh] {
      #expect(convolution.fused(with: NonlinearityShape(function, count: 12)) == nil)
    }
  }

  @Test("fuse a convolution with the sum of its result and one tensor")
  func sums() throws {
    let convolution = PrimitiveShapeTests.convolution(.forward)
    let pair = PrimitiveShapeTests.pair
    let fused = try #require(convolution.fused(with: pair) as? ConvolutionShape)
    var expected = convolution
    expected.hasAddend = true
    #expect(fused == expected)
    #expect(fused.fused(with: pair) == nil)
    #expect(fused.fused(with: PrimitiveShapeTests.relu) != nil)
    #expect(convolution.fused(with: SumShape(parts: 3, count: 12)) == nil)
    var rectified = pair
    rectified.nonlinearity = .tanh
    #expect(convolution.fused(with: rectified) == nil)
    #expect(PrimitiveShapeTests.convolution(.backwardData).fused(with: pair) != nil)
    #expect(PrimitiveShapeTests.convolution(.backwardWeights).fused(with: pair) == nil)
  }

  @Test("give the same bits for a sum and its nonlinearity as two kernels", arguments: [2, 3])
  func fusedSums(parts: Int) throws {
    var numbers = SeededNumbers(seed: 61)
    let memories = (0..<parts).map { _ in GuardedMemory(numbers.floats(37)) }
    let views = memories.map(\.view)
    let shape = SumShape(parts: parts, count: 37)
    for function in [Nonlinearity.relu(slope: 0), .relu(slope: 0.25), .tanh] {
      let next = NonlinearityShape(function, count: 37)
      let fused = try #require(shape.fused(with: next))
      let (expected, result) = (GuardedMemory<Float>(count: 37), GuardedMemory<Float>(count: 37))
      try shape.implementation().kernel(views + [expected.view], scratch: nil).run()
      try next.implementation().kernel([expected.view, expected.view], scratch: nil).run()
      try fused.implementation().kernel(views + [result.view], scratch: nil).run()
      #expect(haveSameBits(result.values, expected.values) && result.isIntact)
    }
    withExtendedLifetime(memories) {}
  }

  @Test(
    "give the same bits for a sum and the gradient of a ReLU as two kernels", arguments: [2, 3])
  func maskedSums(parts: Int) throws {
    var numbers = SeededNumbers(seed: 62)
    let memories = (0...parts).map { _ in GuardedMemory(numbers.floats(37)) }
    let (views, mask) = (memories.prefix(parts).map(\.view), memories[parts].view)
    let shape = SumShape(parts: parts, count: 37)
    for function in [Nonlinearity.relu(slope: 0), .relu(slope: 0.25)] {
      let next = NonlinearityGradientShape(function, count: 37)
      let fused = try #require(shape.fused(with: next))
      let (expected, result) = (GuardedMemory<Float>(count: 37), GuardedMemory<Float>(count: 37))
      try shape.implementation().kernel(views + [expected.view], scratch: nil).run()
      try next.implementation().kernel([mask, expected.view, expected.view], scratch: nil).run()
      try fused.implementation().kernel(views + [mask, result.view], scratch: nil).run()
      #expect(haveSameBits(result.values, expected.values) && result.isIntact)
    }
    withExtendedLifetime(memories) {}
  }

  @Test("of products and sums are not repeatable")
  func repeatable() {
    #expect(!PrimitiveShapeTests.pair.isRepeatable)
    #expect(!ProductShape(rows: 1, depth: 1, columns: 1).isRepeatable)
  }
}
