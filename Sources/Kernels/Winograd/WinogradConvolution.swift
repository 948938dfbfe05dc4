internal import CTiles

/// A convolution by minimal filtering, or its gradient with respect to the input.
///
/// The gradient is the convolution of the output's gradient with the turned window. Each product at
/// a point is one chain of fused multiply-adds from 0 over the channels in ascending order. The bias,
/// the addend and the nonlinearity follow the transform of the products.
package struct WinogradConvolution: PrimitiveImplementation {
  private let shape: ConvolutionShape
  private let tiles: TileTable
  private let filtering: MinimalFiltering
  private let packingOfFilters: FilterPacking
  private let source: ImageExtents
  private let target: ImageExtents
  /// The zeros before the image that patches read.
  private let padding: [Int]
  private let images: PatchPlanes
  private let products: (row: Int, plane: Int)
  /// The patches that are transformed at a time.
  private let block: Int

  /// Makes the implementation of a convolution that ``ConvolutionShape/canUseWinograd`` is true for.
  package init(_ shape: ConvolutionShape, tiles: TileTable) {
    precondition(shape.canUseWinograd, "minimal filtering lacks transforms for the window")
    let isTurned = shape.direction == .backwardData
    let axes = shape.window.axes
    self.shape = shape
    let inputs = ImageExtents(shape.inputChannels, shape.window.input)
    let outputs = ImageExtents(shape.outputChannels, shape.window.output)
    (source, target) = isTurned ? (outputs, inputs) : (inputs, outputs)
    padding = axes.map { isTurned ? $0.kernel - 1 - $0.padding : $0.padding }
    let columns = shape.computedChannels
    let tiles = tiles.suited(to: columns.count)
    self.tiles = tiles
    let filtering = MinimalFiltering(taps: axes[0].kernel, tiles: tiles)
    self.filtering = filtering
    let taps = axes[0].kernel * axes[1].kernel
    packingOfFilters = FilterPacking(
      extents: FilterPacking.Extents(
        groups: 1, outputs: shape.outputChannels, inputs: shape.inputChannels, taps: taps),
      isTurned: isTurned, isDepthwise: false, firstColumn: columns.lowerBound,
      panels: Panels(columns.count, tiles),
      order: isTurned ? (0..<taps).reversed() : Array(0..<taps), filtering: filtering)
    let extents = isTurned ? shape.window.input : shape.window.output
    let all = extents.reduce(shape.examples) {
      $0 * MinimalFiltering.patches(covering: $1, taps: filtering.taps)
    }
    block = min(all, WinogradConvolution.blockPatches)
    images = PatchPlanes(
      channels: source.channels, results: extents, of: filtering, patches: block)
    let width = Panels.reservedPanelWidth(columns.count)
    products = (width, MinimalFiltering.pitch(block * width))
  }

  /// The patches of a block: their planes and products stay in the second cache while panels use them.
  private static let blockPatches = 48

  package var name: String { "winograd" }
  package var packing: (any WeightPacking)? { packingOfFilters }

  /// The scratch ranges of transformed images and of products.
  private var parts: (images: Range<Int>, products: Range<Int>) {
    let end = images.count + MinimalFiltering.points * products.plane
    return (0..<images.count, images.count..<end)
  }

  package var scratchCount: Int { parts.products.upperBound }

  package func kernel(
    _ operands: [FloatView], scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    var operands = operands
    let result = operands.removeLast().checked(shape.examples * target.count)
    let mask = shape.maskSlope == nil ? nil : operands.removeLast().checked(result.count)
    let addend = shape.hasAddend ? operands.removeLast().checked(result.count) : nil
    let bias = shape.hasBias ? operands[2].checked(shape.outputChannels) : nil
    guard let scratch = scratch?.checked(scratchCount) else {
      throw KernelError("a convolution lacks its scratch memory")
    }
    let isTurned = shape.direction == .backwardData
    var patches = unsafe images.patches(
      of: isTurned ? shape.window.output : shape.window.input, padding: padding)
    var gathered = unsafe images.patches(
      of: isTurned ? shape.window.input : shape.window.output, padding: [0, 0])
    unsafe gathered.channels = target.channels
    unsafe gathered.plane = products.plane
    unsafe gathered.slope = shape.nonlinearity?.slope ?? shape.maskSlope ?? 1
    unsafe gathered.is_ramp = shape.nonlinearity == nil ? 0 : 1
    unsafe patches.patches = block
    let parts = parts
    return unsafe WinogradKernel(
      tiles: tiles, filtering: filtering, filters: packingOfFilters,
      channels: SegmentTable([dl_segment_t(left: 0, right: 0, length: source.channels)]),
      patchCount: shape.examples * images.rows * images.columns, patches: patches,
      gathered: gathered, source: operands[0].checked(shape.examples * source.count),
      packed: operands[1].checked(packingOfFilters.count), bias: bias, addend: addend,
      mask: mask, planes: scratch[parts.images], products: scratch[parts.products], result: result)
  }
}

/// Computes a convolution by minimal filtering, block by block of patches.
@safe
private struct WinogradKernel: Kernel, @unchecked Sendable {
  let tiles: TileTable
  let filtering: MinimalFiltering
  let filters: FilterPacking
  /// The steps of a chain.
  let channels: SegmentTable
  let patchCount: Int
  /// The patches of the source and of the result. The first block is theirs.
  let patches: dl_patches_t
  let gathered: dl_patches_t
  let source: FloatView
  let packed: FloatView
  let bias: FloatView?
  let addend: FloatView?
  let mask: FloatView?
  let planes: FloatView
  let products: FloatView
  let result: FloatView

  func run() {
    var patches = unsafe patches
    let block = unsafe patches.patches
    var first = 0
    while first < patchCount {
      unsafe patches.first = first
      unsafe patches.patches = min(block, patchCount &- first)
      unsafe filtering.transforms.spread_images(&patches, source.base, planes.base)
      for panel in 0..<filters.panels.count {
        unsafe multiply(panel, patches)
        unsafe gather(panel, patches)
      }
      first &+= block
    }
  }

  /// Multiplies the patches with the columns of one panel, at all points.
  private func multiply(_ panel: Int, _ patches: dl_patches_t) {
    let width = filters.panels.width(panel)
    var tile = unsafe dl_tile_t()
    unsafe tile.left_row = patches.row
    unsafe tile.left_step = 1
    unsafe tile.right_step = width
    unsafe tile.segments = channels.start()
    unsafe tile.segment_count = 1
    unsafe tile.result_row = width
    unsafe tile.lines = 1
    unsafe tile.rows = patches.patches
    unsafe tile.columns = width
    let start = filters.start(panel)
    for point in 0..<MinimalFiltering.points {
      unsafe tile.left = UnsafePointer(planes.base + point &* patches.plane)
      unsafe tile.right = UnsafePointer(packed.base + start + point &* filters.plane(panel))
      unsafe tile.result = products.base + point &* gathered.plane
      unsafe tiles.multiply(&tile)
    }
  }

  /// Transforms the products of one panel into results.
  private func gather(_ panel: Int, _ patches: dl_patches_t) {
    let columns = filters.panels.extent(panel)
    let first = filters.firstColumn &+ columns.lowerBound
    var gathered = unsafe gathered
    unsafe gathered.first = patches.first
    unsafe gathered.patches = patches.patches
    unsafe gathered.count = columns.count
    unsafe gathered.row = filters.panels.width(panel)
    if let bias { unsafe gathered.bias = UnsafePointer(bias.base + first) }
    if let addend { unsafe gathered.addend = UnsafePointer(addend.base + first) }
    if let mask { unsafe gathered.mask = UnsafePointer(mask.base + first) }
    unsafe filtering.transforms.gather_results(
      &gathered, products.base, result.base + first)
  }
}
