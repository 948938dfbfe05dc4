/// A product in which an axis counts the rows of examples, and of which slices of a batch and tiles compute parts.
///
/// Operands: left, right, (bias), result.
package struct BatchProduct: Sendable {
  /// What the examples of a batch are to a product.
  package enum ExampleAxis: Sendable {
    /// Each example has rows of the left operand and of the result. Tiles are columns of the result.
    case rows
    /// The product is a sum over the rows of all examples: a weight gradient. Tiles are rows of the result.
    case depth
    /// No axis counts examples. Tiles are rows of the result.
    case none
  }

  /// Of one example: its axis of examples has the rows per example.
  private let shape: ProductShape
  private let axis: ExampleAxis

  /// - Parameter shape: of one example, without gaps between its rows.
  package init(_ shape: ProductShape, examples axis: ExampleAxis) {
    self.shape = shape
    self.axis = axis
  }

  /// The product of `examples` examples, or of it what `tile` of `tiles` computes.
  package func shape(examples: Int, tile: Int = 0, of tiles: Int = 1) -> ProductShape {
    var part = shape
    switch axis {
    case .rows: part.rows *= examples
    case .depth: part.depth *= examples
    case .none: break
    }
    if axis == .rows {
      part.columns = BatchProduct.extent(of: shape.columns, tile: tile, of: tiles).count
      if part.columns < shape.columns {
        if part.right == .rowMajor { part.rightPitch = shape.columns }
        part.resultPitch = shape.columns
      }
    } else {
      if part.left == .columnMajor { part.leftPitch = shape.rows }
      part.rows = BatchProduct.extent(of: shape.rows, tile: tile, of: tiles).count
    }
    return part
  }

  /// The elements of each operand that `tile` of `tiles` reads or writes.
  package func ranges(examples: Int, tile: Int, of tiles: Int) -> [Range<Int>] {
    let part = shape(examples: examples, tile: tile, of: tiles)
    var (left, right, bias, result) = (0, 0, 0, 0)
    if axis == .rows {
      bias = BatchProduct.extent(of: shape.columns, tile: tile, of: tiles).lowerBound
      (right, result) = (bias * part.rightStrides.column, bias)
    } else {
      let row = BatchProduct.extent(of: shape.rows, tile: tile, of: tiles).lowerBound
      (left, result) = (row * part.leftStrides.row, row * shape.columns)
    }
    return [left..<left + part.leftSpan, right..<right + part.rightSpan]
      + (part.hasBias ? [bias..<bias + part.columns] : []) + [result..<result + part.resultSpan]
  }

  /// The rows, or columns, of the result that `tile` computes: blocks of 16, shared out as evenly as they go. There
  /// are at least as many blocks as tiles, so that no tile is empty.
  package static func extent(of count: Int, tile: Int, of tiles: Int) -> Range<Int> {
    let blocks = (count + 15) / 16
    let (start, end) = (blocks * tile / tiles * 16, blocks * (tile + 1) / tiles * 16)
    return start..<min(count, end)
  }
}
