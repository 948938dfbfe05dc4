import Kernels
import Oracles
import Tensors
import Testing

@Suite("Convolutions") struct ConvolutionTests {
  @Test(
    "agree with plain loops for random shapes, in every direction and layout",
    .tags(.slow), arguments: [ConvolutionShape.Direction.forward, .backwardData, .backwardWeights])
  func randomShapes(direction: ConvolutionShape.Direction) throws {
    var numbers = SeededNumbers(seed: 31)
    for _ in 0..<200 {
      let test = NaiveConvolution.random(&numbers)
      let (expected, computed) = (test.expected(direction), try test.computed(direction))
      try #require(expected.count == computed.count)
      // Operands are from −1 to 1, and a sum has at most 1,000 terms.
      let worst = zip(expected, computed).map { abs($0 - Double($1)) }.max() ?? 0
      #expect(worst < 2e-5, "\(test.shape.description), \(test.shape.inputLayout)")
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
}

extension ConvolutionTests {
  @Test(
    "add the tensor of a fused sum before the nonlinearity",
    .enabled(if: KernelLibrary.hasWideBlocks, "only processors with AVX-512 have kernels that add"),
    .tags(.slow), arguments: [false, true])
  func addend(isRectified: Bool) throws {
    var numbers = SeededNumbers(seed: 34)
    var count = 0
    while count < 200 {
      var shape = NaiveConvolution.random(&numbers).shape
      guard shape.canAdd else { continue }
      count += 1
      shape.hasAddend = true
      if isRectified { shape.nonlinearity = .relu(slope: 0) }
      let test = NaiveConvolution(shape, &numbers)
      let worst =
        zip(test.expected(.forward), try test.computed(.forward)).map {
          abs((isRectified ? max($0, 0) : $0) - Double($1))
        }.max() ?? 0
      #expect(
        worst < 2e-5,
        "\(shape.description), \(shape.inputLayout), groups \(shape.groups), bias \(shape.hasBias)")
    }
  }
}

@Suite(
  "Gradients of convolutions by columns",
  .enabled(if: KernelLibrary.hasWideBlocks, "on other processors oneDNN computes them"))
struct ColumnGradientTests {
  static let directions = [
    ConvolutionShape.Direction.backwardData, ConvolutionShape.Direction.backwardWeights,
  ]

  /// - Parameter tolerance: the largest error. The default holds for operands from −1 to 1 and sums
  ///   of at most 1,000 terms.
  private func check(
    _ test: NaiveConvolution, _ direction: ConvolutionShape.Direction, tolerance: Double = 2e-5
  ) throws {
    let (expected, computed) = (
      test.expected(direction), try test.computed(direction, byColumns: true)
    )
    try #require(expected.count == computed.count)
    let worst = zip(expected, computed).map { abs($0 - Double($1)) }.max() ?? 0
    #expect(worst < tolerance, "\(test.shape.description), \(test.shape.window)")
  }

  @Test(
    "are chosen for shapes for which they are fastest",
    arguments: [
      // Inputs, outputs, the kernel's extent, and whether the rule chooses columns. The first case
      // is LeNet's. The others have too full vectors, too few outputs, or too small a window.
      (20, 50, 5, true), (24, 50, 5, false), (20, 39, 5, false), (20, 50, 1, false),
      (16, 50, 5, false), (20, 50, 11, false),
    ])
  func choice(inputs: Int, outputs: Int, kernel: Int, isMade: Bool) throws {
    let axis = Window.Axis(
      input: 12, output: 13 - kernel, kernel: kernel, stride: 1, dilation: 1, padding: 0)
    for direction in ColumnGradientTests.directions {
      let shape = ConvolutionShape(
        direction, examples: 2, inputChannels: inputs, outputChannels: outputs, groups: 1,
        window: Window([axis, axis]), inputLayout: .channelsLast, outputLayout: .channelsLast)
      #expect(try shape.implementation().name.hasPrefix("columns") == isMade)
    }
  }

  @Test("agree with plain loops for random shapes", .tags(.slow), arguments: directions)
  func randomShapes(direction: ConvolutionShape.Direction) throws {
    var numbers = SeededNumbers(seed: 35)
    for _ in 0..<200 { try check(.randomWide(&numbers), direction) }
  }

  @Test(
    "agree with plain loops if columns have several chunks", .tags(.slow),
    arguments: directions)
  func chunks(direction: ConvolutionShape.Direction) throws {
    var numbers = SeededNumbers(seed: 36)
    func axis(_ input: Int, kernel: Int, padding: Int) -> Window.Axis {
      Window.Axis(
        input: input, output: input + 2 * padding - kernel + 1, kernel: kernel, stride: 1,
        dilation: 1, padding: padding)
    }
    let windows = [
      // The first window has chunks of whole lines, and a shorter last chunk. The second has one
      // line that is cut. In the third, the columns are the images themselves.
      Window([axis(31, kernel: 3, padding: 1), axis(40, kernel: 3, padding: 0)]),
      Window([axis(3000, kernel: 3, padding: 2)]),
      Window([axis(13, kernel: 1, padding: 0), axis(7, kernel: 1, padding: 0)]),
    ]
    for window in windows {
      let shape = ConvolutionShape(
        .forward, examples: 1, inputChannels: 17, outputChannels: 16, groups: 1, window: window,
        inputLayout: .channelsLast, outputLayout: .channelsLast)
      try check(NaiveConvolution(shape, &numbers), direction, tolerance: 6e-5)
    }
  }
}

@Suite("Layouts of images") struct TensorLayoutTests {
  static let shapes = [[2, 16, 3, 5], [1, 32, 4], [3, 5, 2, 2], [2, 3, 2, 3, 4], [4, 1, 6, 6]]

  static let pairs: [(TensorLayout, TensorLayout)] = [
    (.plain, .channelsLast), (.channelsLast, .plain), (.plain, .blocked), (.blocked, .plain),
    (.channelsLast, .blocked), (.blocked, .channelsLast),
  ]

  @Test("are converted into each other", arguments: shapes, pairs.indices)
  func reorder(axes: [Int], pair: Int) throws {
    let (from, to) = TensorLayoutTests.pairs[pair]
    guard axes[1] % 16 == 0 || (from != .blocked && to != .blocked) else { return }
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
    let all = [TensorLayout.plain, .channelsLast, .blocked].map { $0.runs(shape, examples: 2) }
    #expect(all.map(\.width) == [1, 32, 16])
    #expect(all.map(\.blocks) == [32, 1, 2])
    #expect(all.allSatisfy { $0.positions == 15 && $0.count == shape.count && $0.channels == 32 })
    #expect(TensorLayout.blocked.place(of: 17 * 15 + 4, in: shape) == 15 * 16 + 4 * 16 + 1)
    #expect(TensorLayout.channelsLast.place(of: 17 * 15 + 4, in: shape) == 4 * 32 + 17)
  }
}
