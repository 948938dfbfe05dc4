import Kernels
import Oracles
import Tensors
import Testing

@Suite("Convolutions") struct ConvolutionTests {
  @Test(
    "agree with plain loops for random shapes, in every direction",
    .tags(.slow), arguments: [ConvolutionShape.Direction.forward, .backwardData, .backwardWeights])
  func randomShapes(direction: ConvolutionShape.Direction) throws {
    var numbers = SeededNumbers(seed: 31)
    for _ in 0..<200 {
      let test = NaiveConvolution.random(&numbers)
      let (expected, computed) = (test.expected(direction), try test.computed(direction))
      try #require(expected.count == computed.count)
      // Operands are from −1 to 1, and a sum has at most 1,000 terms.
      let worst = zip(expected, computed).map { abs($0 - Double($1)) }.max() ?? 0
      #expect(worst < 2e-5, "\(test.shape.description)")
    }
  }

  @Test("compute a fused nonlinearity")
  func nonlinearity() throws {
    var numbers = SeededNumbers(seed: 32)
    for _ in 0..<20 {
      var shape = NaiveConvolution.random(&numbers).shape
      shape.nonlinearity = .relu(slope: 0.25)
      let test = NaiveConvolution(shape, &numbers)
      for (expected, computed) in zip(test.expected(.forward), try test.computed(.forward)) {
        #expect(abs((expected > 0 ? expected : 0.25 * expected) - Double(computed)) < 2e-5)
      }
    }
  }

  @Test(
    "add the tensor of a fused sum before the nonlinearity", .tags(.slow), arguments: [false, true])
  func addend(isRectified: Bool) throws {
    var numbers = SeededNumbers(seed: 34)
    for _ in 0..<200 {
      var shape = NaiveConvolution.random(&numbers).shape
      shape.hasAddend = true
      if isRectified { shape.nonlinearity = .relu(slope: 0) }
      let test = NaiveConvolution(shape, &numbers)
      let worst =
        zip(test.expected(.forward), try test.computed(.forward)).map {
          abs((isRectified ? max($0, 0) : $0) - Double($1))
        }.max() ?? 0
      #expect(
        worst < 2e-5, "\(shape.description), groups \(shape.groups), bias \(shape.hasBias)")
    }
  }
}

@Suite("Layouts of images") struct TensorLayoutTests {
  static let shapes = [[2, 16, 3, 5], [1, 32, 4], [3, 5, 2, 2], [2, 3, 2, 3, 4], [4, 1, 6, 6]]

  static let pairs: [(TensorLayout, TensorLayout)] = [
    (.plain, .channelsLast), (.channelsLast, .plain), (.plain, .plain),
    (.channelsLast, .channelsLast),
  ]

  @Test("are converted into each other", arguments: shapes, pairs.indices)
  func reorder(axes: [Int], pair: Int) throws {
    let (from, to) = TensorLayoutTests.pairs[pair]
    let shape = Shape(axes)
    let values = (0..<shape.count).map(Float.init)
    let source = GuardedMemory(values.inLayout(from, shape))
    let target = GuardedMemory<Float>(count: shape.count)
    let implementation = try ReorderShape(axes: axes, from: from, to: to).implementation()
    run(
      try implementation.kernel([source.view, target.view], scratch: nil), holding: source, target)
    #expect(target.isIntact)
    #expect(target.values.rowMajor(from: to, shape) == values)
  }

  @Test("give the places of channels and positions")
  func runs() {
    let shape = Shape([2, 32, 3, 5])
    let all = [TensorLayout.plain, .channelsLast].map { $0.runs(shape, examples: 2) }
    #expect(all.map(\.width) == [1, 32])
    #expect(all.map(\.blocks) == [32, 1])
    #expect(all.allSatisfy { $0.positions == 15 && $0.count == shape.count && $0.channels == 32 })
    #expect(TensorLayout.plain.place(of: 17 * 15 + 4, in: shape) == 17 * 15 + 4)
    #expect(TensorLayout.channelsLast.place(of: 17 * 15 + 4, in: shape) == 4 * 32 + 17)
  }
}
