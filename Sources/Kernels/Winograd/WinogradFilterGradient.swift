internal import CTiles

/// The gradient of a convolution's filters by minimal filtering F(r×r, m×m): the gradients of a patch's
/// results take the place of the window.
///
/// Each product at a point is a sum over patches in the order (image, y, x): 64 of them are one chain of
/// fused multiply-adds from 0, and the chains are added in order. The sums are transformed at the end.
package struct WinogradFilterGradient: PrimitiveImplementation {
  private let shape: ConvolutionShape
  private let tiles: TileTable
  private let filtering: MinimalFiltering
  private let panels: Panels
  private let images: PatchPlanes
  private let gradients: PatchPlanes
  private let patchCount: Int

  /// The patches of a chain, which are transformed together.
  static let chainPatches = 64

  /// Makes the implementation for a convolution that ``ConvolutionShape/canUseWinograd`` is true for.
  package init(_ shape: ConvolutionShape, tiles: TileTable) {
    precondition(shape.canUseWinograd, "minimal filtering lacks transforms for the window")
    self.shape = shape
    let columns = shape.computedChannels.count
    let suited = tiles.suited(to: columns)
    self.tiles = suited
    panels = Panels(columns, suited)
    let filtering = MinimalFiltering(taps: shape.window.axes[0].kernel, tiles: suited)
    self.filtering = filtering
    patchCount = shape.window.output.reduce(shape.examples) {
      $0 * MinimalFiltering.patches(covering: $1, taps: filtering.taps)
    }
    let chain = min(patchCount, WinogradFilterGradient.chainPatches)
    func planes(_ channels: Int) -> PatchPlanes {
      PatchPlanes(
        channels: channels, results: shape.window.output, of: filtering, patches: chain)
    }
    images = planes(shape.inputChannels)
    gradients = planes(columns)
  }

  package var name: String { "winograd" }

  /// The distance between the points of a panel's sums.
  private var sumPlane: Int {
    MinimalFiltering.pitch(
      shape.inputChannels * Panels.reservedPanelWidth(panels.columns))
  }

  /// The sums of all panels. Those of one panel, if one chain computes them.
  private var sumCount: Int {
    let isOneChain = patchCount <= WinogradFilterGradient.chainPatches
    return MinimalFiltering.points * sumPlane
      * (isOneChain ? 1 : Panels.mostPanels(panels.columns))
  }

  /// The scratch ranges of transformed images, of transformed gradients and of sums.
  private var parts: (images: Range<Int>, gradients: Range<Int>, sums: Range<Int>) {
    let second = images.count + gradients.count
    return (0..<images.count, images.count..<second, second..<second + sumCount)
  }

  package var scratchCount: Int { parts.sums.upperBound }

  package func kernel(
    _ operands: [FloatView], scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    guard let scratch = scratch?.checked(scratchCount) else {
      throw KernelError("a convolution lacks its scratch memory")
    }
    let axes = shape.window.axes
    let parts = parts
    var gradients = unsafe gradients.patches(of: shape.window.output, padding: [0, 0])
    unsafe gradients.channels = shape.outputChannels
    let columns = shape.computedChannels
    let filter = shape.weightCount / shape.outputChannels
    let result = operands[2].checked(shape.weightCount)
    return unsafe WinogradFilterGradientKernel(
      tiles: tiles, filtering: filtering, panels: panels,
      images: images.patches(of: shape.window.input, padding: axes.map(\.padding)),
      gradients: gradients, firstColumn: columns.lowerBound,
      patchCount: patchCount, sumPlane: sumPlane,
      input: operands[0].checked(shape.inputAxes.reduce(1, *)),
      outputGradient: operands[1].checked(shape.outputAxes.reduce(1, *)),
      inputPlanes: scratch[parts.images], gradientPlanes: scratch[parts.gradients],
      sums: scratch[parts.sums],
      result: result[columns.lowerBound * filter..<columns.upperBound * filter])
  }
}

/// Sums the products of patches, block by block, and transforms the sums.
@safe
private struct WinogradFilterGradientKernel: Kernel, @unchecked Sendable {
  private let tiles: TileTable
  private let filtering: MinimalFiltering
  private let panels: Panels
  private let images: dl_patches_t
  private let gradients: dl_patches_t
  private let firstColumn: Int
  private let patchCount: Int
  private let sumPlane: Int
  private let input: FloatView
  private let outputGradient: FloatView
  private let inputPlanes: FloatView
  private let gradientPlanes: FloatView
  private let sums: FloatView
  private let result: FloatView
  /// A whole chain, and the last.
  private let segments: SegmentTable
  /// For each panel, the places of the rows of filters in its sums: [channel, tap].
  private let places: [FixedTable<Int>]

  init(
    tiles: TileTable, filtering: MinimalFiltering, panels: Panels, images: dl_patches_t,
    gradients: dl_patches_t, firstColumn: Int, patchCount: Int, sumPlane: Int,
    input: FloatView, outputGradient: FloatView, inputPlanes: FloatView,
    gradientPlanes: FloatView, sums: FloatView, result: FloatView
  ) {
    self.tiles = tiles
    self.filtering = filtering
    self.panels = panels
    unsafe self.images = images
    unsafe self.gradients = gradients
    self.firstColumn = firstColumn
    self.patchCount = patchCount
    self.sumPlane = sumPlane
    self.input = input
    self.outputGradient = outputGradient
    self.inputPlanes = inputPlanes
    self.gradientPlanes = gradientPlanes
    self.sums = sums
    self.result = result
    let chain = WinogradFilterGradient.chainPatches
    segments = SegmentTable(
      [chain, (patchCount - 1) % chain + 1].map { dl_segment_t(left: 0, right: 0, length: $0) })
    let channels = unsafe images.channels
    places = (0..<panels.count).map { panel in
      FixedTable(
        (0..<channels).flatMap { channel in
          (0..<filtering.taps * filtering.taps).map {
            $0 * sumPlane + channel * panels.width(panel)
          }
        })
    }
  }

  func run() {
    let chain = WinogradFilterGradient.chainPatches
    var first = 0
    while first < patchCount {
      let patches = first..<min(first &+ chain, patchCount)
      spread(patches)
      for panel in 0..<panels.count {
        let start = patchCount > chain ? panel &* MinimalFiltering.points &* sumPlane : 0
        multiply(patches, panel, to: start)
        if patches.upperBound == patchCount { gather(panel, from: start) }
      }
      first &+= chain
    }
  }

  /// Transforms the patches of the input and of the output's gradient.
  private func spread(_ patches: Range<Int>) {
    var (images, gradients) = unsafe (images, gradients)
    unsafe (images.first, images.patches) = (patches.lowerBound, patches.count)
    unsafe (gradients.first, gradients.patches) = (patches.lowerBound, patches.count)
    unsafe filtering.transforms.spread_images(&images, input.base, inputPlanes.base)
    unsafe filtering.transforms.spread_gradients(
      &gradients, outputGradient.base + firstColumn, gradientPlanes.base)
  }

  /// Adds the chains of some patches for the columns of a panel.
  private func multiply(_ patches: Range<Int>, _ panel: Int, to start: Int) {
    var tile = unsafe dl_tile_t()
    unsafe tile.left_row = 1
    unsafe tile.left_step = images.row
    unsafe tile.right_step = gradients.row
    unsafe tile.segments = segments.start(patches.upperBound < patchCount ? 0 : 1)
    unsafe tile.segment_count = 1
    unsafe tile.result_row = panels.width(panel)
    unsafe tile.lines = 1
    unsafe tile.rows = images.channels
    unsafe tile.columns = panels.width(panel)
    unsafe tile.accumulates = patches.lowerBound > 0 ? 1 : 0
    let column = panels.extent(panel).lowerBound
    for point in 0..<MinimalFiltering.points {
      unsafe tile.left = UnsafePointer(inputPlanes.base + point &* images.plane)
      unsafe tile.right = UnsafePointer(
        gradientPlanes.base + point &* gradients.plane + column)
      unsafe tile.result = sums.base + start + point &* sumPlane
      unsafe tiles.multiply(&tile)
    }
  }

  /// Transforms the sums of a panel, and copies them to the filters' row-major order.
  private func gather(_ panel: Int, from start: Int) {
    let columns = panels.extent(panel)
    let row = unsafe images.channels &* filtering.taps &* filtering.taps
    unsafe filtering.transforms.gather_filters(
      sums.base + start, sumPlane, images.channels &* panels.width(panel))
    unsafe dl_transpose(
      sums.base + start, dl_rows_t(stride: 0, places: places[panel].start()), row, columns.count,
      result.base + columns.lowerBound &* row, dl_rows_t(stride: row, places: nil), row)
  }
}
