import Kernels
import Oracles
import Testing

@Suite("Convolutions by minimal filtering") struct WinogradTests {
  typealias Direction = ConvolutionShape.Direction

  static let tables = TileTable.all.map(\.name)
  static let directions = [Direction.forward, .backwardData, .backwardWeights]

  /// Returns a shape with half of its window as padding, so that all images have the same extents.
  private static func shape(
    _ direction: Direction, kernel: Int, _ extents: [Int] = [9, 8], examples: Int = 1,
    inputs: Int = 16, outputs: Int = 32
  ) -> ConvolutionShape {
    let axes = extents.map {
      Window.Axis(
        input: $0, output: $0, kernel: kernel, stride: 1, dilation: 1, padding: kernel / 2)
    }
    return ConvolutionShape(
      direction, examples: examples, inputChannels: inputs, outputChannels: outputs, groups: 1,
      window: Window(axes))
  }

  /// The plain loops take most of the time, so that all tables share their results.
  private func checkAll(_ test: FilteredConvolution, shift: Int) throws {
    let expected = test.expected()
    for tiles in TileTable.all {
      let problem = bitMismatch(try test.computed(tiles, shift: shift), expected)
      #expect(problem == nil, "\(tiles.name), \(test.shape)")
    }
  }

  @Test("have the bits of plain loops for random shapes", .tags(.slow), arguments: directions)
  func randomShapes(direction: Direction) throws {
    var numbers = SeededNumbers(seed: 161)
    for _ in 0..<2_000 {
      let shape = FilteredConvolution.randomShape(direction, &numbers)
      let test = FilteredConvolution(shape, .random(&numbers), &numbers)
      try checkAll(test, shift: Int.random(in: 0..<16, using: &numbers))
    }
  }

  /// Panels have 8 to 64 columns, which are channels.
  @Test("have the bits of plain loops for partial panels", .tags(.slow), arguments: directions)
  func borders(direction: Direction) throws {
    var numbers = SeededNumbers(seed: 162)
    let counts = [1, 7, 8, 9, 15, 16, 17, 33, 63, 64, 65, 130]
    for (inputs, outputs) in counts.map({ ($0, 3) }) + counts.map({ (3, $0) }) {
      for kernel in [3, 5] {
        let shape = WinogradTests.shape(
          direction, kernel: kernel, [5, 6], examples: 2, inputs: inputs, outputs: outputs)
        try checkAll(FilteredConvolution(shape, .ordinary, &numbers), shift: 1)
      }
    }
  }

  /// A block of a convolution has 48 patches. A chain of the filters' gradient has 64.
  @Test("have the bits of plain loops for several blocks", .tags(.slow), arguments: directions)
  func blocks(direction: Direction) throws {
    var numbers = SeededNumbers(seed: 163)
    for kernel in [3, 5] {
      // A large image has 36 or 121 patches. A small one has one patch.
      let small = [47, 48, 49, 63, 64, 65, 96, 97, 128, 129].map { ([7 - kernel, 6 - kernel], $0) }
      for (extents, examples) in [([21, 22], 3)] + small {
        let shape = WinogradTests.shape(
          direction, kernel: kernel, extents, examples: examples, inputs: 5, outputs: 6)
        try checkAll(FilteredConvolution(shape, .ordinary, &numbers), shift: 0)
      }
    }
  }

  /// There are 80 patches, which is more than a chain, and all of them are whole.
  @Test("are compared in every bit: a planted fault is found", arguments: tables, directions)
  func faults(table: String, direction: Direction) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 164)
    for kernel in [3, 5] {
      let extent = 4 * (7 - kernel)
      let shape = WinogradTests.shape(
        direction, kernel: kernel, [extent, extent], examples: 5, inputs: 5, outputs: 6)
      let test = FilteredConvolution(shape, .ordinary, &numbers)
      let computed = try test.computed(tiles)
      #expect(bitMismatch(computed, test.expected()) == nil)
      for fault in SumFault.allCases {
        #expect(bitMismatch(computed, test.expected(fault)) != nil, "\(kernel), \(fault)")
      }
      for fault in FilteringFault.allCases {
        if fault == .shortChains && direction != .backwardWeights { continue }
        #expect(bitMismatch(computed, test.expected(nil, fault)) != nil, "\(kernel), \(fault)")
      }
    }
  }

  /// The transforms multiply rounding errors, which are about 1e-7 in a direct convolution.
  @Test(
    "are close to direct sums in double precision", .tags(.slow), arguments: directions, [3, 5])
  func accuracy(direction: Direction, kernel: Int) throws {
    var numbers = SeededNumbers(seed: 165)
    let isTurned = direction == .backwardData
    var shape = WinogradTests.shape(
      .forward, kernel: kernel, [12, 12], inputs: isTurned ? 16 : 64, outputs: isTurned ? 64 : 16)
    shape.algorithm = .winograd
    let test = NaiveConvolution(shape, &numbers)
    let (expected, computed) = (test.expected(direction), try test.computed(direction))
    try #require(expected.count == computed.count)
    let errors = zip(expected, computed).map { abs($0 - Double($1)) }
    let limit = 1e-5 * (expected.map(abs).max() ?? 0)
    #expect(errors.allSatisfy { $0 <= limit }, "\(errors.max() ?? 0) is greater than \(limit)")
  }

  @Test("are possible with windows of 3×3 or 5×5 elements in one group", arguments: directions)
  func rule(direction: Direction) {
    for kernel in [3, 5] {
      for padding in 0..<kernel {
        var shape = WinogradTests.shape(direction, kernel: kernel)
        shape.window.axes[0].padding = padding
        #expect(shape.canUseWinograd, "\(kernel), padding \(padding)")
      }
    }
    #expect(![1, 4, 7].contains { WinogradTests.shape(direction, kernel: $0).canUseWinograd })
    let changes: [(name: String, change: (inout ConvolutionShape) -> Void)] = [
      ("stride 2", { $0.window.axes[1].stride = 2 }), ("two groups", { $0.groups = 2 }),
      ("dilation 2", { $0.window.axes[0].dilation = 2 }),
      ("padding 3", { $0.window.axes[1].padding = 3 }),
      ("3×5 elements", { $0.window.axes[1].kernel = 5 }),
      ("one axis", { $0.window.axes = [$0.window.axes[0]] }),
      ("three axes", { $0.window.axes += [$0.window.axes[0]] }),
    ]
    for (name, change) in changes {
      var shape = WinogradTests.shape(direction, kernel: 3)
      change(&shape)
      #expect(!shape.canUseWinograd && !shape.usesWinograd, "\(name)")
    }
  }

  /// Without padding a 3×3 window has (3·n − 2)² taps on n×n positions, and filtering 36 products for
  /// each patch of 4×4.
  @Test(
    "are chosen with 16 channels if they save a third of the multiplications",
    arguments: directions)
  func choice(direction: Direction) {
    func uses(channels: Int, extent: Int) -> Bool {
      let axis = Window.Axis(
        input: extent, output: extent, kernel: 3, stride: 1, dilation: 1, padding: 1)
      return ConvolutionShape(
        direction, examples: 1, inputChannels: 16, outputChannels: channels, groups: 1,
        window: Window([axis, axis])
      ).usesWinograd
    }
    #expect(uses(channels: 16, extent: 4) && !uses(channels: 15, extent: 4))
    // 49 of 36, 169 of 144, 256 of 144, and 361 of 144 multiplications.
    #expect(!uses(channels: 64, extent: 3) && !uses(channels: 64, extent: 5))
    #expect(uses(channels: 64, extent: 6) && uses(channels: 64, extent: 7))
  }

  @Test("are chosen by a field of the shape")
  func field() {
    var shape = WinogradTests.shape(.forward, kernel: 3)
    for algorithm in ConvolutionShape.Algorithm.allCases {
      shape.algorithm = algorithm
      #expect(shape.usesWinograd == (algorithm == .winograd))
    }
  }
}
