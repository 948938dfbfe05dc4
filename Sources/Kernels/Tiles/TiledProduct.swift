internal import CTiles

/// A product in tiles, with fused bias and ReLU or its gradient. A second pass applies another nonlinearity.
///
/// Each result is the sum of blocks of 256 steps of the depth, in ascending order. A block is one
/// chain of fused multiply-adds from 0. The bias follows, and then the nonlinearity. The extents of
/// the product do not change this order, so that a part of a product has the bits of the whole.
package struct TiledProduct: PrimitiveImplementation {
  /// The steps of a chain.
  package static let blockDepth = 256
  /// The rows that use a panel while their left operand stays in the cache.
  fileprivate static let blockRows = 512

  fileprivate let shape: ProductShape
  fileprivate let tiles: TileTable
  fileprivate let panels: Panels

  /// Makes the implementation.
  ///
  /// - Parameter tiles: the table that computes it. The bits do not depend on it.
  package init(_ shape: ProductShape, tiles: TileTable) {
    self.shape = shape
    self.tiles = tiles.suited(to: shape.columns)
    panels = Panels(shape.columns, self.tiles)
  }

  package var name: String { "tiles" }

  package var packing: (any WeightPacking)? {
    shape.isRightConstant ? ProductPacking(product: self) : nil
  }

  package var scratchCount: Int { shape.extraMemory.scratch }

  package func kernel(
    _ operands: [FloatView], scratch: FloatView?
  ) throws(KernelError) -> any Kernel {
    let result = operands[operands.count - 1].checked(shape.resultSpan)
    let right = operands[1].checked(
      shape.isRightConstant ? shape.depth * panels.reservedWidth : shape.rightSpan)
    let memory = scratchCount == 0 ? result : scratch?.checked(scratchCount)
    guard let memory else { throw KernelError("a product lacks its scratch memory") }
    let product = ProductKernel(
      self, left: operands[0].checked(shape.leftSpan), right: right,
      bias: shape.hasBias ? operands[2].checked(shape.columns) : nil,
      mask: shape.maskSlope == nil
        ? nil : operands[operands.count - 2].checked(shape.resultSpan),
      memory: memory, result: result)
    guard let function = shape.nonlinearity, !function.isRamp else { return product }
    let rows = (0..<shape.rows).map { row in
      let first = row * shape.resultStride
      let elements = result[first..<first + shape.columns]
      return nonlinearity(function, from: elements, to: elements, count: shape.columns)
    }
    return KernelSequence([product] + rows)
  }

  /// Writes a panel of the right operand to memory, as tiles read it.
  fileprivate func pack(
    _ right: FloatView, panel: Int, steps: Range<Int>, to target: FloatView, at place: Int
  ) {
    let columns = panels.extent(panel)
    let width = panels.width(panel)
    let (stepStride, columnStride) = shape.rightStrides
    let source = steps.lowerBound &* stepStride &+ columns.lowerBound &* columnStride
    if shape.right == .columnMajor {
      unsafe dl_transpose(
        right.base + source, dl_rows_t(stride: columnStride, places: nil), columns.count,
        steps.count, target.base + place, dl_rows_t(stride: width, places: nil), width)
      return
    }
    for step in 0..<steps.count {
      let start = place &+ step &* width
      target.copy(columns.count, of: right, from: source &+ step &* stepStride, to: start)
      for column in columns.count..<width { target[start &+ column] = 0 }
    }
  }
}

/// The right operand of a product in panels: for each panel, all steps of the depth.
private struct ProductPacking: WeightPacking {
  let product: TiledProduct

  var operand: Int { 1 }
  var count: Int { product.shape.depth * product.panels.reservedWidth }

  func isAlike(_ other: any WeightPacking) -> Bool {
    guard let other = (other as? ProductPacking)?.product else { return false }
    return other.panels == product.panels && other.shape.depth == product.shape.depth
      && other.shape.rightStrides == product.shape.rightStrides
  }

  func kernel(from plain: FloatView, to packed: FloatView) -> any Kernel {
    let (plain, packed) = (plain.checked(product.shape.rightSpan), packed.checked(count))
    return PreparedLoop {
      for panel in 0..<product.panels.count {
        product.pack(
          plain, panel: panel, steps: 0..<product.shape.depth, to: packed,
          at: panel * product.panels.length * product.shape.depth)
      }
    }
  }
}

/// The loops over blocks of rows, blocks of the depth, and panels of columns.
@safe
private struct ProductKernel: Kernel, @unchecked Sendable {
  private let product: TiledProduct
  private let blockRows: Int
  private let leftStrides: (row: Int, depth: Int)
  private let rightStep: Int
  private let isPacked: Bool
  private let isRightRowMajor: Bool
  private let panels: [(extent: Range<Int>, width: Int, mostRows: Int)]
  /// A whole block of the depth, and the last.
  private let segments: SegmentTable
  private let left: FloatView
  private let right: FloatView
  private let bias: FloatView?
  private let mask: FloatView?
  private let memory: FloatView
  private let result: FloatView
  private let slope: Float?

  init(
    _ product: TiledProduct, left: FloatView, right: FloatView, bias: FloatView?,
    mask: FloatView?, memory: FloatView, result: FloatView
  ) {
    let shape = product.shape
    self.product = product
    blockRows = TiledProduct.blockRows
    leftStrides = shape.leftStrides
    rightStep = shape.rightStrides.depth
    isPacked = shape.isRightConstant
    isRightRowMajor = shape.right == .rowMajor
    panels = (0..<product.panels.count).map {
      let width = product.panels.width($0)
      return (
        product.panels.extent($0), width,
        product.tiles.rows(vectors: width / product.tiles.width)
      )
    }
    let rest = (shape.depth - 1) % TiledProduct.blockDepth + 1
    segments = SegmentTable(
      [TiledProduct.blockDepth, rest].map { dl_segment_t(left: 0, right: 0, length: $0) })
    self.left = left
    self.right = right
    self.bias = bias
    self.mask = mask
    self.memory = memory
    self.result = result
    slope = shape.nonlinearity?.slope
  }

  func run() {
    let (rows, depth) = (product.shape.rows, product.shape.depth)
    var tile = unsafe dl_tile_t()
    unsafe tile.left_row = leftStrides.row
    unsafe tile.left_step = leftStrides.depth
    unsafe tile.segment_count = 1
    unsafe tile.result_row = product.shape.resultStride
    unsafe tile.lines = 1
    unsafe tile.slope = slope ?? product.shape.maskSlope ?? 1
    var row = 0
    while row < rows {
      unsafe tile.rows = min(blockRows, rows &- row)
      var start = 0
      while start < depth {
        let end = min(start &+ TiledProduct.blockDepth, depth)
        unsafe tile.left = UnsafePointer(
          left.base + row &* leftStrides.row + start &* leftStrides.depth)
        unsafe tile.segments = segments.start(end == depth ? 1 : 0)
        unsafe tile.accumulates = start > 0 ? 1 : 0
        unsafe tile.is_ramp = end == depth && slope != nil ? 1 : 0
        for panel in 0..<panels.count {
          unsafe multiply(panel, steps: start..<end, row: row, isLast: end == depth, &tile)
        }
        start = end
      }
      row &+= blockRows
    }
  }

  @inline(__always)
  private func multiply(
    _ panel: Int, steps: Range<Int>, row: Int, isLast: Bool, _ tile: inout dl_tile_t
  ) {
    let (extent, width, mostRows) = panels[panel]
    unsafe tile.columns = extent.count
    unsafe tile.result =
      result.base + row &* product.shape.resultStride + extent.lowerBound
    unsafe tile.bias = nil
    if isLast, let bias { unsafe tile.bias = UnsafePointer(bias.base + extent.lowerBound) }
    unsafe tile.mask = nil
    if isLast, let mask {
      unsafe tile.mask = UnsafePointer(
        mask.base + row &* product.shape.resultStride + extent.lowerBound)
    }
    unsafe tile.right_step = width
    unsafe tile.panel = nil
    if isPacked {
      unsafe tile.right = UnsafePointer(
        right.base + extent.lowerBound &* product.shape.depth + steps.lowerBound &* width)
    } else if isRightRowMajor {
      unsafe tile.right = UnsafePointer(
        right.base + steps.lowerBound &* rightStep + extent.lowerBound)
      unsafe tile.right_step = rightStep
      // The first tile copies what later tiles read.
      if unsafe tile.rows > mostRows { unsafe tile.panel = memory.base }
    } else {
      product.pack(right, panel: panel, steps: steps, to: memory, at: 0)
      unsafe tile.right = UnsafePointer(memory.base)
    }
    unsafe product.tiles.multiply(&tile)
  }
}
