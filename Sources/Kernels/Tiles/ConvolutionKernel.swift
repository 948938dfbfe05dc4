internal import CTiles

/// The loops of a convolution in tiles.
struct ConvolutionWalk: Sendable {
  /// A loop over results at equal distances.
  struct Loop: Sendable {
    var count: Int
    let left: Int
    let result: Int
    /// True for the loop over the images of a block. Its count falls in the last block.
    let isOfImages: Bool

    static let once = Loop(count: 1, left: 0, result: 0, isOfImages: false)
  }

  /// Results that see the same taps.
  struct Call: Sendable {
    /// The rows of tiles, the lines of a call, and two loops around them.
    let loops: (rows: Loop, lines: Loop, inner: Loop, outer: Loop)
    /// The places of the first result and of its first source.
    let left: Int
    let result: Int
    /// The first step in a panel.
    let right: Int
    let segments: Range<Int>

    init(loops: [Loop], left: Int, result: Int, right: Int, segments: Range<Int>) {
      self.loops = (loops[0], loops[1], loops[2], loops[3])
      self.left = left
      self.result = result
      self.right = right
      self.segments = segments
    }
  }

  let examples: Int
  /// The images of a block.
  let block: Int
  let source: ImageExtents
  let target: ImageExtents
  let groups: Int
  let isDepthwise: Bool
  /// The distance between successive steps of a segment in the source.
  let leftStep: Int
  let calls: ContiguousArray<Call>
  /// The segments for panels of the first width, and then those for the last panel.
  let segments: SegmentTable
  let segmentsOfWidth: Int

  /// Returns four loops, the rows of tiles first.
  ///
  /// The rows are the last axis, if it fills tiles: its results are adjacent. Otherwise they are the
  /// loop that fills tiles best. More than eight rows at a multiple of 4 KB displace each other from
  /// the first cache.
  static func ordered(_ loops: [Loop], mostRows: Int) -> [Loop] {
    func rowsOfTile(_ loop: Loop) -> Double {
      let most = loop.left % 1024 == 0 ? min(mostRows, 8) : mostRows
      return Double(loop.count) / Double((loop.count + most - 1) / most)
    }
    var rest = loops
    var rows = loops.count - 1
    if rowsOfTile(loops[rows]) < 0.6 * Double(mostRows) {
      for index in loops.indices.reversed() where rowsOfTile(loops[index]) > rowsOfTile(loops[rows])
      {
        rows = index
      }
    }
    let first = rest.remove(at: rows)
    rest.sort { $0.count > $1.count }
    return [first] + rest + [Loop](repeating: .once, count: 4 - loops.count)
  }
}

/// Computes a convolution, block by block of images, and in a block panel by panel.
@safe
struct ConvolutionKernel: Kernel, @unchecked Sendable {
  private let tiles: TileTable
  private let walk: ConvolutionWalk
  private let panels: [(columns: Range<Int>, width: Int)]
  private let firstColumn: Int
  private let depth: Int
  private let groupCount: Int
  private let groupSource: Int
  private let groupTarget: Int
  private let source: FloatView
  private let packed: FloatView
  private let bias: FloatView?
  private let addend: FloatView?
  private let mask: FloatView?
  private let result: FloatView
  private let slope: Float?
  private let maskSlope: Float?

  init(
    tiles: TileTable, filters: FilterPacking, walk: ConvolutionWalk, source: FloatView,
    packed: FloatView, bias: FloatView?, addend: FloatView?, mask: FloatView?, result: FloatView,
    slope: Float?, maskSlope: Float?
  ) {
    self.tiles = tiles
    self.walk = walk
    panels = (0..<filters.panels.count).map {
      (filters.panels.extent($0), filters.panels.width($0))
    }
    firstColumn = filters.firstColumn
    depth = filters.order.count * filters.depth
    groupCount = filters.groupCount
    groupSource = walk.source.channels / walk.groups
    groupTarget = walk.target.channels / walk.groups
    self.source = source
    self.packed = packed
    self.bias = bias
    self.addend = addend
    self.mask = mask
    self.result = result
    self.slope = slope
    self.maskSlope = maskSlope
  }

  func run() {
    var tile = unsafe dl_tile_t()
    unsafe tile.left_step = walk.leftStep
    unsafe tile.slope = slope ?? maskSlope ?? 1
    unsafe tile.is_ramp = slope == nil ? 0 : 1
    var image = 0
    while image < walk.examples {
      for group in 0..<walk.groups {
        for panel in 0..<panels.count { unsafe multiply(image, group, panel, &tile) }
      }
      image &+= walk.block
    }
  }

  /// Computes the columns of one panel for a block of images.
  private func multiply(_ image: Int, _ group: Int, _ panel: Int, _ tile: inout dl_tile_t) {
    let (columns, width) = panels[panel]
    let images = min(walk.block, walk.examples &- image)
    let column = group &* groupTarget &+ firstColumn &+ columns.lowerBound
    let right = group &* groupCount &+ columns.lowerBound &* depth
    let left =
      image &* walk.source.count &+ group &* groupSource
      &+ (walk.isDepthwise ? columns.lowerBound : 0)
    let target = image &* walk.target.count &+ column
    let isLast = panel == panels.count &- 1
    unsafe tile.right_step = width
    unsafe tile.columns = columns.count
    if let bias { unsafe tile.bias = UnsafePointer(bias.base + column) }
    for call in walk.calls {
      func count(_ loop: ConvolutionWalk.Loop) -> Int { loop.isOfImages ? images : loop.count }
      unsafe tile.rows = count(call.loops.rows)
      unsafe tile.left_row = call.loops.rows.left
      unsafe tile.result_row = call.loops.rows.result
      unsafe tile.lines = count(call.loops.lines)
      unsafe tile.left_line = call.loops.lines.left
      unsafe tile.result_line = call.loops.lines.result
      unsafe tile.segments = walk.segments.start(
        call.segments.lowerBound &+ (isLast ? walk.segmentsOfWidth : 0))
      unsafe tile.segment_count = call.segments.count
      unsafe tile.right = UnsafePointer(packed.base + right + call.right &* width)
      for outer in 0..<count(call.loops.outer) {
        for inner in 0..<count(call.loops.inner) {
          let place =
            target &+ call.result &+ outer &* call.loops.outer.result
            &+ inner &* call.loops.inner.result
          unsafe tile.left = UnsafePointer(
            source.base + left + call.left + outer &* call.loops.outer.left
              + inner &* call.loops.inner.left)
          unsafe tile.result = result.base + place
          if let addend { unsafe tile.addend = UnsafePointer(addend.base + place) }
          if let mask { unsafe tile.mask = UnsafePointer(mask.base + place) }
          unsafe tiles.multiply(&tile, lanes: walk.isDepthwise)
        }
      }
    }
  }
}
