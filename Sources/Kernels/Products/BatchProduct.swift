/// A product of a batch, divided among slices of examples and tiles of the result.
///
/// Operands: left, right, (bias), result.
package struct BatchProduct: Sendable {
  /// The axis of a product that contains the examples.
  package enum ExampleAxis: Sendable {
    /// Each example has rows of the left operand and of the result. Tiles divide the columns.
    case rows
    /// The product sums over the rows of all examples, as a weight gradient does. Tiles divide the
    /// rows.
    case depth
    /// No axis contains examples. Tiles divide the rows.
    case none
  }

  /// The product of one example. Its axis of examples has the rows per example.
  private let shape: ProductShape
  private let axis: ExampleAxis

  /// Makes the product of a batch from the product of one example.
  ///
  /// - Parameter shape: the product of one example, without gaps between its rows.
  package init(_ shape: ProductShape, examples axis: ExampleAxis) {
    self.shape = shape
    self.axis = axis
  }

  /// Returns the product of `examples` examples, or the part that `tile` of `tiles` computes.
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

  /// Returns the elements of each operand that `tile` of `tiles` reads or writes.
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

  /// Returns the rows or columns of the result that `tile` computes.
  ///
  /// Tiles share blocks of 16 as evenly as possible. Callers use at most as many tiles as blocks,
  /// so that every tile has work.
  package static func extent(of count: Int, tile: Int, of tiles: Int) -> Range<Int> {
    let blocks = (count + 15) / 16
    let (start, end) = (blocks * tile / tiles * 16, blocks * (tile + 1) / tiles * 16)
    return start..<min(count, end)
  }
}
