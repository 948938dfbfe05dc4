internal import CTiles

/// Copies the filters of a convolution into panels, in the order in which tiles read them.
///
/// Filters are row-major [out, in/groups, kernel…]. In memory follow one another: groups, panels of
/// columns, taps, the channels of the depth, and the columns of the panel. Columns are the output
/// channels of a group, and the depth its input channels. For the gradient of the input the two
/// change places. A depthwise convolution has all channels as columns, and a depth of 1.
struct FilterPacking: WeightPacking, Equatable {
  /// The filter's extents: groups, and the channels and taps of one group.
  struct Extents: Equatable {
    let groups: Int
    let outputs: Int
    let inputs: Int
    let taps: Int
  }

  let extents: Extents
  /// True if the columns are input channels.
  let isTurned: Bool
  let isDepthwise: Bool
  /// The first column. The panels count from there.
  var firstColumn = 0
  let panels: Panels
  /// The tap at each place.
  let order: [Int]
  /// The filtering that the filters are transformed for. Nil if tiles read the taps themselves.
  var filtering: MinimalFiltering?

  var operand: Int { 1 }
  var count: Int { groups * groupCount }
  func isAlike(_ other: any WeightPacking) -> Bool { (other as? FilterPacking) == self }

  var groups: Int { isDepthwise ? 1 : extents.groups }
  /// The channels of the chain of one tap.
  var depth: Int { isDepthwise ? 1 : isTurned ? extents.outputs : extents.inputs }
  /// The elements of one group.
  var groupCount: Int {
    // A plane has up to a cache line of padding in each panel.
    filtering == nil
      ? order.count * depth * panels.reservedWidth
      : MinimalFiltering.points * (depth + 1) * panels.reservedWidth
  }

  /// The place of a panel in the memory of its group.
  func start(_ panel: Int) -> Int {
    let taps = filtering == nil ? order.count : MinimalFiltering.points
    return panel * taps * plane(0)
  }

  /// The distance between the taps of a panel, or between its points.
  func plane(_ panel: Int) -> Int {
    let count = depth * panels.width(panel)
    return filtering == nil ? count : MinimalFiltering.pitch(count)
  }

  /// The elements of a group's filters.
  fileprivate var filterCount: Int { extents.outputs * extents.inputs * extents.taps }

  func kernel(from plain: FloatView, to packed: FloatView) -> any Kernel {
    FilterPackingKernel(
      packing: self, plain: plain.checked(extents.groups * filterCount),
      packed: packed.checked(count))
  }
}

/// Transposes the filters panel by panel.
@safe
private struct FilterPackingKernel: Kernel, @unchecked Sendable {
  private struct Panel {
    let columns: Range<Int>
    let width: Int
    let start: Int
    let plane: Int
    /// The place of each tap and channel.
    let places: FixedTable<Int>
  }

  private let groups: Int
  private let groupCount: Int
  private let filterCount: Int
  private let depth: Int
  private let panels: [Panel]
  private let filtering: MinimalFiltering?
  /// The length of the rows that become columns of a panel.
  private let rowLength: Int
  private let firstColumn: Int
  /// The number of matrices of such rows. Each is transposed by itself.
  private let matrices: Int
  private let plain: FloatView
  private let packed: FloatView

  init(packing: FilterPacking, plain: FloatView, packed: FloatView) {
    let (extents, depth) = (packing.extents, packing.depth)
    groups = packing.groups
    groupCount = packing.groupCount
    filterCount = packing.filterCount
    self.depth = depth
    filtering = packing.filtering
    firstColumn = packing.firstColumn
    // A row of output channels has all input channels and taps. A row of input channels has the taps.
    let isOfInputs = packing.isTurned || packing.isDepthwise
    rowLength = isOfInputs ? extents.taps : extents.inputs * extents.taps
    matrices = isOfInputs ? depth : 1
    var places = [Int](repeating: 0, count: extents.taps)
    for (place, tap) in packing.order.enumerated() { places[tap] = place }
    panels = (0..<packing.panels.count).map { panel in
      let (width, plane) = (packing.panels.width(panel), packing.plane(panel))
      let rows = (0..<(isOfInputs ? 1 : extents.inputs)).flatMap { channel in
        places.map { $0 * plane + channel * width }
      }
      return Panel(
        columns: packing.panels.extent(panel), width: width, start: packing.start(panel),
        plane: plane, places: FixedTable(rows))
    }
    self.plain = plain
    self.packed = packed
  }

  func run() {
    for group in 0..<groups {
      for panel in panels {
        let start = group &* groupCount &+ panel.start
        guard let filtering else {
          pack(group, panel, to: start)
          continue
        }
        // The transform replaces the taps, which lie in the last planes.
        let planes = MinimalFiltering.points &- filtering.taps &* filtering.taps
        pack(group, panel, to: start &+ planes &* panel.plane)
        unsafe filtering.transforms.spread_filters(
          packed.base + start, panel.plane, depth &* panel.width)
      }
    }
  }

  /// Transposes the filters of one panel.
  private func pack(_ group: Int, _ panel: Panel, to target: Int) {
    let (columns, width) = (panel.columns, panel.width)
    let source = group &* filterCount &+ (firstColumn &+ columns.lowerBound) &* rowLength
    for matrix in 0..<matrices {
      let (from, to) = (source &+ matrix &* (filterCount / depth), target &+ matrix &* width)
      if rowLength == 1 {
        packed.copy(columns.count, of: plain, from: from, to: to)
        for column in columns.count..<width { packed[to &+ column] = 0 }
      } else {
        unsafe dl_transpose(
          plain.base + from, dl_rows_t(stride: rowLength, places: nil), columns.count, rowLength,
          packed.base + to, dl_rows_t(stride: 0, places: panel.places.start()), width)
      }
    }
  }
}
