/// The shape of a matrix product: result = f(left · right + bias).
///
/// left is rows × depth, right is depth × columns, and the result is rows × columns and row-major.
/// Operands: left, right, (bias), (mask), result. `bias` has `columns` elements. The right operand and the
/// result may be some columns of wider matrices.
package struct ProductShape: MaskableShape {
  /// The memory order of an operand.
  package enum Order: Sendable, Hashable {
    case rowMajor
    /// The transposed matrix is row-major.
    case columnMajor

    package var transposed: Order { self == .rowMajor ? .columnMajor : .rowMajor }
  }

  package var rows: Int
  package var depth: Int
  package var columns: Int
  package var left: Order
  package var right: Order
  /// The distance between stored rows of `left`, if it is a part of a wider matrix. Nil leaves no
  /// gap.
  package var leftPitch: Int?
  /// The distance between stored rows of `right`. Nil leaves no gap.
  package var rightPitch: Int?
  /// The distance between rows of the result, if it is a part of a wider matrix. Nil leaves no gap.
  package var resultPitch: Int?
  /// True if the right operand never changes after it is bound. The primitive then packs it once.
  package var isRightConstant: Bool
  package var hasBias: Bool
  package var nonlinearity: Nonlinearity?
  /// The slope of a ReLU whose gradient the result becomes. The mask is the value of the ReLU.
  package var maskSlope: Float?

  package init(
    rows: Int, depth: Int, columns: Int, left: Order = .rowMajor, right: Order = .rowMajor,
    leftPitch: Int? = nil, rightPitch: Int? = nil, resultPitch: Int? = nil,
    isRightConstant: Bool = false, hasBias: Bool = false, nonlinearity: Nonlinearity? = nil
  ) {
    self.rows = rows
    self.depth = depth
    self.columns = columns
    self.left = left
    self.right = right
    self.leftPitch = leftPitch
    self.rightPitch = rightPitch
    self.resultPitch = resultPitch
    self.isRightConstant = isRightConstant
    self.hasBias = hasBias
    self.nonlinearity = nonlinearity
  }

  /// The distances between rows, and between steps of the depth.
  package var leftStrides: (row: Int, depth: Int) {
    left == .rowMajor ? (leftPitch ?? depth, 1) : (1, leftPitch ?? rows)
  }

  package var rightStrides: (depth: Int, column: Int) {
    right == .rowMajor ? (rightPitch ?? columns, 1) : (1, rightPitch ?? depth)
  }

  /// The elements between the first and the last of `left`, gaps included.
  package var leftSpan: Int {
    let (row, depthStride) = leftStrides
    return (rows - 1) * row + (depth - 1) * depthStride + 1
  }

  package var rightSpan: Int {
    let (depthStride, column) = rightStrides
    return (depth - 1) * depthStride + (columns - 1) * column + 1
  }

  /// The distance between rows of the result.
  package var resultStride: Int { resultPitch ?? columns }
  package var resultSpan: Int { (rows - 1) * resultStride + columns }

  /// The extents, such as `20x2x100`, and `ᵀ` for each operand that is read transposed.
  package var description: String {
    let transposes =
      "\(left == .columnMajor ? " leftᵀ" : "")\(right == .columnMajor ? " rightᵀ" : "")"
    return "\(rows)x\(depth)x\(columns)\(transposes)"
  }

  package var extents: String { description }
}

extension ProductShape {
  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    TiledProduct(self, tiles: try TileTable.chosen())
  }

  /// The memory of a constant right operand in panels, or of one panel.
  package var extraMemory: ExtraMemory {
    isRightConstant
      ? ExtraMemory(packed: (operand: 1, count: depth * Panels.reservedWidth(columns)))
      : ExtraMemory(
        scratch: min(depth, TiledProduct.blockDepth) * Panels.reservedPanelWidth(columns))
  }
}
