internal import CTiles

/// A convolution in tiles, or its gradient with respect to the input.
///
/// Each result is one chain of fused multiply-adds from 0, in the order
/// - of the window's elements and the input channels of the group, for a convolution: (ky, kx, c),
/// - of the outputs that read the input and their channels, for its gradient: (oy, ox, o).
/// Elements in the padding are left out. The bias, the addend and the nonlinearity follow. The order
/// depends neither on the batch nor on the tiles.
package struct TiledConvolution: PrimitiveImplementation {
  private let shape: ConvolutionShape
  private let tiles: TileTable
  private let packingOfFilters: FilterPacking
  private let orders: [TapOrder]
  private let source: ImageExtents
  private let target: ImageExtents

  /// Makes the implementation of a convolution or of its gradient with respect to the input.
  package init(_ shape: ConvolutionShape, tiles: TileTable) {
    let shape = shape.withMergedPoints
    let isTurned = shape.direction == .backwardData
    self.shape = shape
    orders = shape.window.axes.map { isTurned ? TapOrder(inputsOf: $0) : TapOrder(outputsOf: $0) }
    let inputs = ImageExtents(shape.inputChannels, shape.window.input)
    let outputs = ImageExtents(shape.outputChannels, shape.window.output)
    (source, target) = isTurned ? (outputs, inputs) : (inputs, outputs)
    let kernel = shape.window.axes.map(\.kernel)
    let columns =
      shape.isDepthwise ? target.channels : shape.computedChannels.count / shape.groups
    let tiles = tiles.suited(to: columns)
    self.tiles = tiles
    packingOfFilters = FilterPacking(
      extents: FilterPacking.Extents(
        groups: shape.groups, outputs: shape.outputChannels / shape.groups,
        inputs: shape.inputChannels / shape.groups, taps: kernel.reduce(1, *)),
      isTurned: isTurned, isDepthwise: shape.isDepthwise,
      firstColumn: shape.computedChannels.lowerBound, panels: Panels(columns, tiles),
      order: TiledConvolution.places(orders.map(\.taps), kernel))
  }

  package var name: String { "tiles" }

  package var packing: (any WeightPacking)? { packingOfFilters }

  /// Returns the row-major tap of the window at each place of the axes' orders.
  private static func places(_ taps: [[Int]], _ kernel: [Int]) -> [Int] {
    zip(taps, kernel).reduce([0]) { places, axis in
      places.flatMap { place in axis.0.map { place * axis.1 + $0 } }
    }
  }

  package func kernel(_ operands: [FloatView], scratch: FloatView?) -> any Kernel {
    var operands = operands
    let result = operands.removeLast().checked(shape.examples * target.count)
    let mask = shape.maskSlope == nil ? nil : operands.removeLast().checked(result.count)
    let addend = shape.hasAddend ? operands.removeLast().checked(result.count) : nil
    let bias = shape.hasBias ? operands[2].checked(shape.outputChannels) : nil
    return ConvolutionKernel(
      tiles: tiles, filters: packingOfFilters, walk: walk(),
      source: operands[0].checked(shape.examples * source.count),
      packed: operands[1].checked(packingOfFilters.count), bias: bias, addend: addend,
      mask: mask, result: result, slope: shape.nonlinearity?.slope, maskSlope: shape.maskSlope)
  }

  // MARK: Walk

  /// The elements of the images that a panel reads before the next panel does.
  private static let blockElements = 1 << 16

  /// Plans the loops over images, runs and taps.
  private func walk() -> ConvolutionWalk {
    let panels = packingOfFilters.panels
    let block = max(1, min(shape.examples, TiledConvolution.blockElements / max(1, source.count)))
    var segments = SegmentLists(
      source, distances: orders.map(\.sourceDistance), kernel: shape.window.axes.map(\.kernel),
      depth: packingOfFilters.depth, isDepthwise: shape.isDepthwise,
      widths: [panels.width(0), panels.width(panels.count - 1)])
    let mostRows = tiles.rows(vectors: panels.width(0) / tiles.width)
    // The first axis varies slowest, so that the calls follow the memory of the result.
    var combinations: [[AxisRun]] = [[]]
    for order in orders {
      combinations = combinations.flatMap { runs in order.runs.map { runs + [$0] } }
    }
    let calls = combinations.map { call($0, block: block, mostRows: mostRows, &segments) }
    return ConvolutionWalk(
      examples: shape.examples, block: block, source: source, target: target,
      groups: packingOfFilters.groups, isDepthwise: shape.isDepthwise,
      leftStep: shape.isDepthwise
        ? source.strides[orders.count - 1] * orders[orders.count - 1].sourceDistance : 1,
      calls: ContiguousArray(calls), segments: SegmentTable(segments.all),
      segmentsOfWidth: segments.all.count / 2)
  }

  /// Plans the call for the results of one run along each axis.
  private func call(
    _ runs: [AxisRun], block: Int, mostRows: Int, _ segments: inout SegmentLists
  ) -> ConvolutionWalk.Call {
    var (left, result, steps) = (0, 0, 0)
    var loops = [
      ConvolutionWalk.Loop(count: block, left: source.count, result: target.count, isOfImages: true)
    ]
    for (axis, run) in runs.enumerated() {
      left += run.source * source.strides[axis]
      result += run.target * target.strides[axis]
      steps = steps * shape.window.axes[axis].kernel + run.firstTap
      loops.append(
        ConvolutionWalk.Loop(
          count: run.count, left: run.sourceStep * source.strides[axis],
          result: run.targetStep * target.strides[axis], isOfImages: false))
    }
    let isEmpty = runs.contains { $0.taps == 0 }
    let list = segments.list(isEmpty ? nil : runs.map(\.taps))
    return ConvolutionWalk.Call(
      loops: ConvolutionWalk.ordered(loops, mostRows: mostRows), left: isEmpty ? 0 : left,
      result: result, right: steps * packingOfFilters.depth, segments: list)
  }
}

extension ConvolutionShape {
  /// True if every output channel reads one input channel of its own.
  var isDepthwise: Bool {
    groups > 1 && groups == inputChannels && groups == outputChannels
  }

  /// The same convolution with one axis of positions, if each output reads the input at its own
  /// position alone.
  fileprivate var withMergedPoints: ConvolutionShape {
    let isPoint = window.axes.allSatisfy {
      $0.kernel == 1 && $0.stride == 1 && $0.padding == 0 && $0.input == $0.output
    }
    guard isPoint else { return self }
    let positions = window.input.reduce(1, *)
    var merged = self
    merged.window = Window([
      Window.Axis(
        input: positions, output: positions, kernel: 1, stride: 1, dilation: 1, padding: 0)
    ])
    return merged
  }
}

/// The extents of an image with channels last, and the distances in its memory.
struct ImageExtents: Sendable {
  let channels: Int
  /// The elements of one image.
  let count: Int
  /// The distance between neighbours along each spatial axis.
  let strides: [Int]

  init(_ channels: Int, _ axes: [Int]) {
    self.channels = channels
    count = axes.reduce(channels, *)
    strides = axes.indices.map { axes[($0 + 1)...].reduce(channels, *) }
  }
}

/// The segments of all combinations of tap counts.
///
/// Targets with the same number of taps along all axes but the first share a list, because the taps
/// of a target are adjacent. A target reads as much of its beginning as it has taps along the first.
private struct SegmentLists {
  private let source: ImageExtents
  private let distances: [Int]
  private let kernel: [Int]
  private let depth: Int
  private let isDepthwise: Bool
  private let widths: [Int]
  private var starts: [[Int]: Int] = [:]
  private var lists: [[dl_segment_t]] = [[], []]

  /// - Parameters:
  ///   - distances: between the sources of adjacent taps along each axis.
  ///   - widths: the elements of a step, in all panels but the last and in the last.
  init(
    _ source: ImageExtents, distances: [Int], kernel: [Int], depth: Int, isDepthwise: Bool,
    widths: [Int]
  ) {
    self.source = source
    self.distances = distances
    self.kernel = kernel
    self.depth = depth
    self.isDepthwise = isDepthwise
    self.widths = widths
  }

  /// The lists for the first width, and then for the second.
  var all: [dl_segment_t] { lists[0] + lists[1] }

  /// Returns the segments of a target with so many taps along each axis. Nil for one without taps.
  mutating func list(_ taps: [Int]?) -> Range<Int> {
    guard let taps else { return 0..<0 }
    let isLine = taps.count == 1
    let rest = isLine ? taps : Array(taps.dropFirst())
    let merges = isDepthwise || distances[distances.count - 1] == 1 && depth == source.channels
    let perFirst = rest.dropLast().reduce(1, *) * (merges ? 1 : rest[rest.count - 1])
    let start = starts[rest] ?? append(rest, isLine: isLine, merges: merges)
    starts[rest] = start
    return start..<start + (isLine ? 1 : taps[0]) * perFirst
  }

  private mutating func append(_ rest: [Int], isLine: Bool, merges: Bool) -> Int {
    let start = lists[0].count
    var taps: [[Int]] = [[]]
    let counts = (isLine ? [] : [kernel[0]]) + rest.dropLast() + [merges ? 1 : rest[rest.count - 1]]
    for count in counts { taps = taps.flatMap { tap in (0..<count).map { tap + [$0] } } }
    for tap in taps {
      var (left, step) = (0, 0)
      for axis in kernel.indices {
        left += tap[axis] * distances[axis] * source.strides[axis]
        step = step * kernel[axis] + tap[axis]
      }
      let length = (merges ? rest[rest.count - 1] : 1) * depth
      for (index, width) in widths.enumerated() {
        lists[index].append(
          dl_segment_t(left: left, right: step * depth * width, length: length))
      }
    }
    return start
  }
}
