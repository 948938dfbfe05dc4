import Kernels
import Oracles
import Tensors
import Testing

@Suite("Convolutions in tiles") struct TiledConvolutionTests {
  typealias Direction = ConvolutionShape.Direction

  static let tables = TileTable.all.map(\.name)
  static let directions = [Direction.forward, .backwardData, .backwardWeights]

  private static func axis(_ input: Int, kernel: Int) -> Window.Axis {
    Window.Axis(
      input: input, output: input + 3 - kernel, kernel: kernel, stride: 1, dilation: 1, padding: 1)
  }

  private func check(_ test: ChainedConvolution, _ tiles: TileTable, shift: Int = 0) throws {
    let problem = bitMismatch(try test.computed(tiles, shift: shift), test.expected())
    #expect(problem == nil, "\(test.shape)")
  }

  @Test(
    "have the bits of plain loops for random shapes in every direction", .tags(.slow),
    arguments: tables, directions)
  func randomShapes(table: String, direction: Direction) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 151)
    for _ in 0..<2_000 {
      let shape = ChainedConvolution.randomShape(direction, &numbers)
      let test = ChainedConvolution(shape, .random(&numbers), &numbers)
      try check(test, tiles, shift: Int.random(in: 0..<16, using: &numbers))
    }
  }

  /// Panels have 8 to 64 columns, which are channels.
  @Test(
    "have the bits of plain loops at the borders of panels", .tags(.slow), arguments: tables,
    directions)
  func borders(table: String, direction: Direction) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 152)
    let window = Window([
      TiledConvolutionTests.axis(5, kernel: 3),
      TiledConvolutionTests.axis(6, kernel: 2),
    ])
    for columns in [1, 7, 8, 9, 15, 16, 17, 33, 63, 64, 65, 130] {
      for isDepthwise in [false, true] {
        let others = isDepthwise ? columns : 3
        let shape = ConvolutionShape(
          direction, examples: 2, inputChannels: direction == .backwardData ? columns : others,
          outputChannels: direction == .backwardData ? others : columns,
          groups: isDepthwise ? columns : 1, window: window)
        try check(ChainedConvolution(shape, .ordinary, &numbers), tiles, shift: 1)
      }
    }
  }

  /// A block has at most 131,072 elements of images.
  @Test(
    "have the bits of plain loops for several blocks of images", .tags(.slow), arguments: tables,
    directions)
  func blocks(table: String, direction: Direction) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 153)
    let axis = TiledConvolutionTests.axis(31, kernel: 2)
    let shape = ConvolutionShape(
      direction, examples: 7, inputChannels: 20, outputChannels: 20, groups: 10,
      window: Window([axis, axis]))
    try check(ChainedConvolution(shape, .ordinary, &numbers), tiles)
  }

  /// Returns a convolution without a bias, which could hide a fault in the last place.
  private static func simple(
    _ direction: Direction, inputs: Int = 17, examples: Int = 1, _ numbers: inout SeededNumbers
  ) -> ChainedConvolution {
    let extent = axis(6, kernel: 3)
    let shape = ConvolutionShape(
      direction, examples: examples, inputChannels: inputs, outputChannels: 18, groups: 1,
      window: Window([extent, extent]))
    return ChainedConvolution(shape, .ordinary, &numbers)
  }

  @Test("are compared in every bit: a planted fault is found", arguments: tables, directions)
  func faults(table: String, direction: Direction) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 154)
    let test = TiledConvolutionTests.simple(direction, &numbers)
    let computed = try test.computed(tiles)
    #expect(bitMismatch(computed, test.expected()) == nil)
    for fault in SumFault.allCases {
      #expect(bitMismatch(computed, test.expected(fault)) != nil, "\(fault)")
    }
  }

  /// An infinite factor shows whether padding is left out or counts as 0: 0 · ∞ is NaN.
  @Test("are compared in every bit: another treatment of padding is found", arguments: tables)
  func padding(table: String) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 155)
    // The gradient of filters with few input channels counts the padding.
    for (direction, channels) in [
      (Direction.forward, 8), (.backwardWeights, 8), (.backwardWeights, 7),
    ] {
      var test = TiledConvolutionTests.simple(direction, inputs: channels, &numbers)
      test.weights[0] = .infinity
      test.outputGradient[0] = .infinity
      let computed = try test.computed(tiles)
      let countsPadding = channels < 8
      #expect(bitMismatch(computed, test.expected(countsPadding: countsPadding)) == nil)
      #expect(bitMismatch(computed, test.expected(countsPadding: !countsPadding)) != nil)
    }
  }

  /// An image has 36 positions, and a chain seven images.
  @Test("are compared in every bit: a filter's sum in other chains is found", arguments: tables)
  func images(table: String) throws {
    let tiles = try #require(TileTable(named: table))
    var numbers = SeededNumbers(seed: 156)
    let test = TiledConvolutionTests.simple(.backwardWeights, examples: 9, &numbers)
    let computed = try test.computed(tiles)
    #expect(bitMismatch(computed, test.expected()) == nil)
    #expect(bitMismatch(computed, test.sums(of: 0..<9, countsPadding: false)) != nil)
  }
}

/// A convolution of random operands, and its result by plain loops that state every rounding.
struct ChainedConvolution {
  let shape: ConvolutionShape
  /// Images with their channels last, like the addend, the mask and the output gradient.
  private let input: [Float]
  private let addend: [Float]
  private let mask: [Float]
  fileprivate var outputGradient: [Float]
  /// Row-major [out, in/groups, kernel…].
  fileprivate var weights: [Float]
  private let bias: [Float]
  /// The elements of all windows: the position of an output, the row-major place in the window, and
  /// the position of the input. The input is nil in the padding.
  private let taps: [(output: Int, place: Int, input: Int?)]

  init(_ shape: ConvolutionShape, _ kind: NumberKind, _ numbers: inout SeededNumbers) {
    self.shape = shape
    let outputCount = shape.outputAxes.reduce(1, *)
    input = numbers.floats(shape.inputAxes.reduce(1, *), kind)
    let resultCount = shape.direction == .backwardData ? input.count : outputCount
    addend = numbers.floats(resultCount, kind)
    mask = numbers.floats(resultCount, kind)
    outputGradient = numbers.floats(outputCount, kind)
    weights = numbers.floats(shape.weightAxes.reduce(1, *), kind)
    bias = numbers.floats(shape.outputChannels, kind)
    taps = ChainedConvolution.taps(shape.window)
  }

  /// Returns the elements of all windows, in row-major order of the outputs.
  private static func taps(_ window: Window) -> [(output: Int, place: Int, input: Int?)] {
    let (inputs, outputs) = (Shape(window.input), Shape(window.output))
    let kernel = Shape(window.axes.map(\.kernel))
    var taps: [(output: Int, place: Int, input: Int?)] = []
    for output in 0..<outputs.count {
      let position = outputs.indices(of: output)
      for place in 0..<kernel.count {
        let element = kernel.indices(of: place)
        let source = window.axes.enumerated().map { number, axis in
          position[number] * axis.stride + element[number] * axis.dilation - axis.padding
        }
        let isInside = zip(source, inputs.axes).allSatisfy { $0 >= 0 && $0 < $1 }
        taps.append((output, place, isInside ? inputs.place(of: source) : nil))
      }
    }
    return taps
  }

  /// Returns the result of plain loops.
  ///
  /// - Parameter countsPadding: true if an element in the padding is a step with 0. Nil for the
  ///   rule of the direction.
  func expected(_ fault: SumFault? = nil, countsPadding: Bool? = nil) -> [Float] {
    let fewChannels = shape.inputChannels / shape.groups < 8
    let countsPadding =
      countsPadding ?? (shape.direction == .backwardWeights && fewChannels)
    if shape.direction == .backwardWeights {
      // A chain has the images of at most 256 positions, and at least one.
      let chain = max(1, 256 / shape.window.output.reduce(1, *))
      let chains = stride(from: 0, to: shape.examples, by: chain).map { first in
        sums(
          of: first..<min(first + chain, shape.examples), fault, countsPadding: countsPadding)
      }
      return chains.dropFirst().reduce(chains[0]) { total, next in
        zip(total, next).map { $0 + $1 }
      }
    }
    var result = sums(of: 0..<shape.examples, fault, countsPadding: countsPadding)
    for index in result.indices {
      if shape.hasBias { result[index] += bias[index % shape.outputChannels] }
      if shape.hasAddend { result[index] += addend[index] }
      if let slope = shape.maskSlope {
        result[index] = masked(result[index], by: mask[index], slope: slope)
      }
      if case .relu(let slope) = shape.nonlinearity {
        result[index] = rectified(result[index], slope: slope)
      }
    }
    return result
  }

  /// Returns the chains of some images.
  func sums(
    of images: Range<Int>, _ fault: SumFault? = nil, countsPadding: Bool
  ) -> [Float] {
    let window = shape.window
    let inputs = shape.inputChannels / shape.groups
    let outputs = shape.outputChannels / shape.groups
    let inputPositions = window.input.reduce(1, *)
    let outputPositions = window.output.reduce(1, *)
    let windowSize = window.axes.map(\.kernel).reduce(1, *)
    var chains = Chains(count: resultCount, fault)
    for image in images {
      for tap in taps where tap.input != nil || countsPadding {
        let position = (image * inputPositions + (tap.input ?? 0)) * shape.inputChannels
        let target = (image * outputPositions + tap.output) * shape.outputChannels
        for output in 0..<shape.outputChannels {
          let (first, y) = (position + output / outputs * inputs, target + output)
          for channel in 0..<inputs {
            let weight = (output * inputs + channel) * windowSize + tap.place
            let value = tap.input == nil ? 0 : input[first + channel]
            switch shape.direction {
            case .forward:
              chains.add(value, weights[weight], to: y)
            case .backwardData:
              chains.add(outputGradient[y], weights[weight], to: first + channel)
            case .backwardWeights:
              chains.add(value, outputGradient[y], to: weight)
            }
          }
        }
      }
    }
    return chains.values
  }

  private var resultCount: Int {
    switch shape.direction {
    case .forward: outputGradient.count
    case .backwardData: input.count
    case .backwardWeights: weights.count
    }
  }

  private var operands: [[Float]] {
    let read =
      switch shape.direction {
      case .forward: [input, weights]
      case .backwardData: [outputGradient, weights]
      case .backwardWeights: [input, outputGradient]
      }
    return read + (shape.hasBias ? [bias] : []) + (shape.hasAddend ? [addend] : [])
      + (shape.maskSlope == nil ? [] : [mask])
  }

  func computed(_ tiles: TileTable, shift: Int = 0) throws -> [Float]? {
    guard shape.direction == .backwardWeights else {
      return try TiledConvolution(shape, tiles: tiles).result(
        of: operands, count: resultCount, shift: shift)
    }
    return try TiledFilterGradient(shape, tiles: tiles).result(
      of: operands, count: resultCount, shift: shift)
  }
}

extension ChainedConvolution {
  /// Returns a random shape that has at most 40,000 multiplications.
  static func randomShape(
    _ direction: ConvolutionShape.Direction, _ numbers: inout SeededNumbers
  ) -> ConvolutionShape {
    while true {
      let (groups, inputs, outputs) = randomChannels(&numbers)
      var shape = ConvolutionShape(
        direction, examples: Int.random(in: 1...3, using: &numbers), inputChannels: inputs,
        outputChannels: outputs, groups: groups, window: randomWindow(&numbers))
      shape.fuseRandomSteps(&numbers)
      let multiplications =
        shape.outputAxes.reduce(1, *) * shape.weightAxes.reduce(1, *) / outputs
      if multiplications <= 40_000 { return shape }
    }
  }

  private static func randomChannels(
    _ numbers: inout SeededNumbers
  ) -> (groups: Int, inputs: Int, outputs: Int) {
    switch Int.random(in: 0..<4, using: &numbers) {
    case 0:
      let channels = Int.random(in: 2...40, using: &numbers)
      return (channels, channels, channels)
    case 1:
      let groups = Int.random(in: 2...5, using: &numbers)
      return (
        groups, groups * Int.random(in: 1...40 / groups, using: &numbers),
        groups * Int.random(in: 1...40 / groups, using: &numbers)
      )
    default:
      return (1, Int.random(in: 1...40, using: &numbers), Int.random(in: 1...40, using: &numbers))
    }
  }

  private static func randomWindow(_ numbers: inout SeededNumbers) -> Window {
    let count = Int.random(in: 1...3, using: &numbers)
    let isPoint = Int.random(in: 0..<10, using: &numbers) == 0
    let mostInput = [12, 7, 4][count - 1]
    let axes = (0..<count).map { _ in
      var axis = Window.Axis(
        input: Int.random(in: 1...mostInput, using: &numbers), output: 0,
        kernel: Int.random(in: 1...3, using: &numbers),
        stride: Int.random(in: 1...3, using: &numbers),
        dilation: Int.random(in: 1...3, using: &numbers),
        padding: Int.random(in: 0...3, using: &numbers))
      if isPoint { (axis.kernel, axis.stride, axis.padding) = (1, 1, 0) }
      // The input must be at least as large as the window.
      axis.input = max(axis.input, axis.reach - 2 * axis.padding)
      axis.output = (axis.input + 2 * axis.padding - axis.reach) / axis.stride + 1
      return axis
    }
    return Window(axes)
  }
}
