internal import CTiles

/// The gradient of a convolution's filters, in tiles.
///
/// For each group of images, a result is one chain of fused multiply-adds from 0 over the positions
/// of the output whose input is not padding, image by image in row-major order. A group has as many
/// images as have at most 256 positions, and at least one. The chains are added in order.
///
/// With fewer than 8 input channels in a group, positions in the padding count with an input of 0,
/// which is the same for finite numbers.
package struct TiledFilterGradient: PrimitiveImplementation {
  private let shape: ConvolutionShape
  private let tiles: TileTable
  private let panels: Panels
  /// The image that the tiles read: the input, or a copy with zeros around it.
  private let padded: ImageExtents
  private let isPadded: Bool
  /// The images of a chain, and those that are copied before the tiles read them.
  private let chain: Int
  private let block: Int

  /// The elements of the copies of a block.
  private static let blockElements = 1 << 17
  /// The positions of a chain, except for those of one larger image.
  private static let chainPositions = 256
  /// With fewer channels, the taps of a line of the window fill a tile together.
  private static let fewChannels = 8

  package init(_ shape: ConvolutionShape, tiles: TileTable) {
    self.shape = shape
    let columns =
      shape.isDepthwise ? shape.outputChannels : shape.computedChannels.count / shape.groups
    let suited = tiles.suited(to: columns)
    self.tiles = suited
    panels = Panels(columns, suited)
    let axes = shape.window.axes
    let isPadded =
      shape.inputChannels / shape.groups < TiledFilterGradient.fewChannels
      && axes.contains { $0.padding > 0 || $0.highPadding > 0 }
    padded = ImageExtents(
      shape.inputChannels,
      axes.map { isPadded ? ($0.output - 1) * $0.stride + $0.reach : $0.input })
    self.isPadded = isPadded
    chain = max(1, TiledFilterGradient.chainPositions / shape.window.output.reduce(1, *))
    let chains = max(1, TiledFilterGradient.blockElements / max(1, padded.count * chain))
    block = min(shape.examples, isPadded ? chains * chain : shape.examples)
  }

  package var name: String { "tiles" }

  /// The scratch ranges of the sums and of padded images.
  private var parts: (sums: Range<Int>, images: Range<Int>) {
    let count = shape.weightCount / shape.outputChannels * shape.computedChannels.count
    let start = (count + 15) / 16 * 16
    return (0..<count, start..<start + (isPadded ? block * padded.count : 0))
  }

  package var scratchCount: Int { parts.images.upperBound }

  package func kernel(
    _ operands: [FloatView], scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    let inputs = ImageExtents(shape.inputChannels, shape.window.input)
    let outputs = ImageExtents(shape.outputChannels, shape.window.output)
    guard let scratch = scratch?.checked(scratchCount) else {
      throw KernelError("a convolution lacks its scratch memory")
    }
    let parts = parts
    let input = operands[0].checked(shape.examples * inputs.count)
    return FilterGradientKernel(
      tiles: tiles, panels: panels, firstColumn: shape.computedChannels.lowerBound,
      plan: plan(inputs), input: input,
      outputGradient: operands[1].checked(shape.examples * outputs.count),
      sums: scratch[parts.sums], images: isPadded ? scratch[parts.images] : nil,
      result: operands[2].checked(shape.weightCount))
  }

  // MARK: Plan

  /// Plans the rows, which are elements of the window, and the steps, which are positions.
  private func plan(_ inputs: ImageExtents) -> FilterGradientPlan {
    let axes = shape.window.axes
    let channels = shape.isDepthwise ? 1 : shape.inputChannels / shape.groups
    let line = axes[axes.count - 1]
    let last = padded.strides[axes.count - 1]
    let ranges = axes.map { axis in (0..<axis.kernel).map { positions(of: $0, axis) } }
    // The rows of a call are the taps of the last axis with their channels, if all of them see the
    // same positions and lie at equal distances. Otherwise they are the channels of one tap.
    let isJoined =
      (shape.isDepthwise || shape.groups == 1 && line.dilation == 1)
      && ranges[axes.count - 1].allSatisfy { $0 == ranges[axes.count - 1][0] }
    var taps: [[Int]] = [[]]
    for (axis, extent) in axes.enumerated() {
      let count = isJoined && axis == axes.count - 1 ? 1 : extent.kernel
      taps = taps.flatMap { tap in (0..<count).map { tap + [$0] } }
    }
    // The images of a chain are the first axis of its positions.
    let images = min(chain, shape.examples)
    let image = Window.Axis(
      input: images, output: images, kernel: 1, stride: 1, dilation: 1, padding: 0)
    var lists = PositionLists(
      [image] + axes, [padded.count] + padded.strides, pitch: shape.outputChannels)
    let calls = taps.map { tap in
      let seen = tap.indices.map { ranges[$0][tap[$0]] }
      var left = 0
      for (axis, extent) in axes.enumerated() {
        let start = isPadded ? 0 : extent.padding
        left += (tap[axis] * extent.dilation - start) * padded.strides[axis]
      }
      return FilterGradientPlan.Call(left: left, segments: lists.list([0..<images] + seen))
    }
    return FilterGradientPlan(
      examples: shape.examples, chain: chain, block: block,
      groups: shape.isDepthwise ? 1 : shape.groups,
      isDepthwise: shape.isDepthwise, calls: ContiguousArray(calls),
      rows: channels * (isJoined ? line.kernel : 1),
      rowStride: shape.isDepthwise ? line.dilation * last : 1, step: line.stride * last,
      segments: SegmentTable(lists.all), positions: shape.window.output.reduce(1, *),
      inputs: inputs, padded: padded,
      outputChannels: shape.outputChannels,
      copy: isPadded ? PaddedCopy(shape.window, channels: shape.inputChannels) : nil,
      windowSize: axes.map(\.kernel).reduce(1, *), channels: channels)
  }

  /// The outputs along an axis whose input at `tap` is not padding. All of them if the padding is
  /// there in a copy.
  private func positions(of tap: Int, _ axis: Window.Axis) -> Range<Int> {
    guard !isPadded else { return 0..<axis.output }
    // 0 ≤ o·stride + start < input
    let start = tap * axis.dilation - axis.padding
    let first = start >= 0 ? 0 : (axis.stride - 1 - start) / axis.stride
    let end = start >= axis.input ? 0 : (axis.input - 1 - start) / axis.stride + 1
    return min(first, axis.output)..<max(min(first, axis.output), min(end, axis.output))
  }
}

/// The segments of positions for all combinations of ranges.
private struct PositionLists {
  private let axes: [Window.Axis]
  private let strides: [Int]
  private let pitch: Int
  private var lists: [[Range<Int>]: Range<Int>] = [:]
  private(set) var all: [dl_segment_t] = []

  /// - Parameters:
  ///   - strides: the distances in the image between neighbours along each axis.
  ///   - pitch: the distance between the output gradients of successive positions.
  init(_ axes: [Window.Axis], _ strides: [Int], pitch: Int) {
    self.axes = axes
    self.strides = strides
    self.pitch = pitch
  }

  /// Returns the segments of the positions in a range of each axis: one for each line.
  mutating func list(_ ranges: [Range<Int>]) -> Range<Int> {
    guard !ranges.contains(where: \.isEmpty) else { return 0..<0 }
    let list = lists[ranges] ?? append(ranges)
    lists[ranges] = list
    return list
  }

  private mutating func append(_ ranges: [Range<Int>]) -> Range<Int> {
    let start = all.count
    let last = axes.count - 1
    var lines: [(left: Int, output: Int)] = [(0, 0)]
    for axis in 0..<last {
      let (stride, outputs) = (axes[axis].stride * strides[axis], axes[axis].output)
      lines = lines.flatMap { line in
        ranges[axis].map { (line.left + $0 * stride, line.output * outputs + $0) }
      }
    }
    let first = ranges[last].lowerBound
    for line in lines {
      all.append(
        dl_segment_t(
          left: line.left + first * axes[last].stride * strides[last],
          right: (line.output * axes[last].output + first) * pitch, length: ranges[last].count))
    }
    return start..<all.count
  }
}
