/// What a matrix product is: result (rows × columns) = f(left (rows × depth) · right (depth × columns) + bias).
///
/// Operands: left, right, (bias), result. The result is row-major. `bias` has `columns` elements. Right operand and
/// result may be some columns of wider matrices.
package struct ProductShape: FusibleShape {
  /// How an operand lies in memory.
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
  /// Elements from one stored row of `left` to the next, where it is a part of a wider matrix; nil: no gap.
  package var leftPitch: Int?
  /// The same of `right`.
  package var rightPitch: Int?
  /// Elements from one row of the result to the next, where it is a part of a wider matrix; nil: no gap.
  package var resultPitch: Int?
  /// True where the right operand never changes once it is bound: it is then kept in the layout that oneDNN chooses.
  ///
  /// That pays where a matrix is only read, by 5 % for 128 rows and 45 % for 16. In training it does not: every step
  /// changes the weights, and bringing a gradient into the chosen layout costs more than is won.
  package var isRightConstant: Bool
  package var hasBias: Bool
  package var nonlinearity: Nonlinearity?
  /// Whether the product is added to what the result's memory holds: ``MatMul`` alone does that.
  var accumulates = false

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

  /// Elements from one row, and from one step of the depth, to the next.
  package var leftStrides: (row: Int, depth: Int) {
    left == .rowMajor ? (leftPitch ?? depth, 1) : (1, leftPitch ?? rows)
  }

  package var rightStrides: (depth: Int, column: Int) {
    right == .rowMajor ? (rightPitch ?? columns, 1) : (1, rightPitch ?? depth)
  }

  /// Elements from the first to the last of `left`, gaps included.
  package var leftSpan: Int {
    let (row, depthStride) = leftStrides
    return (rows - 1) * row + (depth - 1) * depthStride + 1
  }

  package var rightSpan: Int {
    let (depthStride, column) = rightStrides
    return (depth - 1) * depthStride + (columns - 1) * column + 1
  }

  /// Elements from one row of the result to the next.
  package var resultStride: Int { resultPitch ?? columns }
  package var resultSpan: Int { (rows - 1) * resultStride + columns }

  /// `20x2x100`, with `ᵀ` where an operand is read transposed.
  package var description: String {
    let transposes =
      "\(left == .columnMajor ? " leftᵀ" : "")\(right == .columnMajor ? " rightᵀ" : "")"
    return "\(rows)x\(depth)x\(columns)\(transposes)"
  }

  package var extents: String { description }
}

extension ProductShape {
  /// Products of at most this many multiplications run in Swift.
  ///
  /// A oneDNN call costs 0.4 µs and its preparation 0.3 ms (10 ms for the first of a process), the time of a few
  /// thousand multiplications of a Swift loop: so a small network trains without oneDNN, and starts faster.
  private static let smallLimit = 16_384

  /// Chooses the implementation by the shape alone, never by a clock.
  ///
  /// Some versions of oneDNN refuse some products of 70 million columns and more, which are bound by memory in any case:
  /// they run in Swift.
  ///
  /// - Throws: ``KernelError`` if oneDNN refuses a shape that no loop here takes.
  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    let multiplications = Double(rows) * Double(depth) * Double(columns)
    let isSmall = multiplications <= Double(ProductShape.smallLimit)
    let bothTransposed = left == .columnMajor && right == .columnMajor
    let isPartOfWider = rightPitch != nil || resultPitch != nil
    let fitsLoops = !bothTransposed && !isPartOfWider
    if isSmall && fitsLoops { return SmallProduct(shape: self) }
    do throws(KernelError) {
      return try MatMul(shape: self)
    } catch {
      guard fitsLoops else { throw error }
      return SmallProduct(shape: self)
    }
  }
}
