internal import CTiles

/// The loops of a filter gradient in tiles.
struct FilterGradientPlan: Sendable {
  /// The rows of one tap, or of the taps of a line.
  struct Call: Sendable {
    /// The place in an image of the element that the first row reads at output 0. It may lie in the
    /// padding, before the image: segments begin at outputs that read the image itself.
    let left: Int
    /// The lines of all images of a chain.
    let segments: Range<Int>
  }

  let examples: Int
  /// The images of a chain, and of a block, which consists of whole chains.
  let chain: Int
  let block: Int
  let groups: Int
  let isDepthwise: Bool
  let calls: ContiguousArray<Call>
  /// The rows of a call, and the distance between them in an image.
  let rows: Int
  let rowStride: Int
  /// The distance between successive positions in an image.
  let step: Int
  let segments: SegmentTable
  let positions: Int
  let inputs: ImageExtents
  let padded: ImageExtents
  let outputChannels: Int
  let copy: PaddedCopy?
  /// The elements of the window, and the input channels of a group.
  let windowSize: Int
  let channels: Int
}

/// Computes a filter gradient: [tap, channel, output] for each group, and then its row-major order.
@safe
struct FilterGradientKernel: Kernel, @unchecked Sendable {
  private let tiles: TileTable
  private let plan: FilterGradientPlan
  private let panels: [Range<Int>]
  private let columnCount: Int
  private let firstColumn: Int
  private let input: FloatView
  private let outputGradient: FloatView
  private let sums: FloatView
  private let images: FloatView?
  private let result: FloatView
  /// The place of the sums of each row of filters: [channel, tap].
  private let places: FixedTable<Int>

  init(
    tiles: TileTable, panels: Panels, firstColumn: Int, plan: FilterGradientPlan,
    input: FloatView, outputGradient: FloatView, sums: FloatView, images: FloatView?,
    result: FloatView
  ) {
    self.tiles = tiles
    self.plan = plan
    self.panels = (0..<panels.count).map(panels.extent)
    columnCount = panels.columns
    self.firstColumn = firstColumn
    self.input = input
    self.outputGradient = outputGradient
    self.sums = sums
    self.images = images
    self.result = result
    places = FixedTable(
      (0..<plan.channels).flatMap { channel in
        (0..<plan.windowSize).map { ($0 * plan.channels + channel) * panels.columns }
      })
  }

  func run() {
    var first = 0
    while first < plan.examples {
      let count = min(plan.block, plan.examples &- first)
      if let copy = plan.copy, let images {
        for image in 0..<count {
          copy.run(
            input, at: (first &+ image) &* plan.inputs.count, to: images,
            at: image &* plan.padded.count)
        }
      }
      for group in 0..<plan.groups {
        for panel in 0..<panels.count { multiply(first, count, group, panel) }
      }
      first &+= count
    }
    unpack()
  }

  /// Adds the products of a block of images for the columns of one panel.
  private func multiply(_ first: Int, _ count: Int, _ group: Int, _ panel: Int) {
    let extent = panels[panel]
    let column = group &* columnCount &+ firstColumn &+ extent.lowerBound
    let imageCount = plan.positions &* plan.outputChannels
    var tile = unsafe dl_tile_t()
    unsafe tile.left_row = plan.rowStride
    unsafe tile.left_step = plan.step
    unsafe tile.lines = 1
    unsafe tile.rows = plan.rows
    unsafe tile.columns = extent.count
    unsafe tile.result_row = columnCount
    unsafe tile.right_step = plan.outputChannels
    let source = images ?? input
    let left = images == nil ? first &* plan.inputs.count : 0
    let offset = plan.isDepthwise ? extent.lowerBound : group &* plan.channels
    let sumCount = plan.rows &* columnCount
    let chain = min(plan.chain, plan.examples)
    for number in 0..<plan.calls.count {
      let call = plan.calls[number]
      unsafe tile.segments = plan.segments.start(call.segments.lowerBound)
      unsafe tile.result =
        sums.base + (group &* plan.calls.count &+ number) &* sumCount + extent.lowerBound
      for image in stride(from: 0, to: count, by: plan.chain) {
        let images = min(plan.chain, count &- image)
        unsafe tile.segment_count = call.segments.count / chain &* images
        unsafe tile.accumulates = first &+ image > 0 ? 1 : 0
        unsafe tile.left = UnsafePointer(
          source.base + (left &+ image &* plan.padded.count &+ call.left &+ offset))
        unsafe tile.right = UnsafePointer(
          outputGradient.base + ((first &+ image) &* imageCount &+ column))
        unsafe tiles.multiply(&tile, lanes: plan.isDepthwise)
      }
    }
  }

  /// Copies the sums to the filters' row-major order [out, in/groups, kernel…].
  private func unpack() {
    let rows = plan.windowSize &* plan.channels
    for group in 0..<plan.groups {
      let start = group &* rows &* columnCount
      unsafe dl_transpose(
        sums.base + start, dl_rows_t(stride: 0, places: places.start()), rows, columnCount,
        result.base + (start &+ firstColumn &* rows), dl_rows_t(stride: rows, places: nil), rows)
    }
  }
}
