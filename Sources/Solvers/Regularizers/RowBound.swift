package import Kernels

/// w_o ← w_o · min(1, limit / ‖w_o‖) for the rows w_o of a matrix that a tile holds
///
/// Norms are summed in double precision, in the order of the row's elements, so that neither tiles nor the matrix's
/// place in memory change a bit.
package struct RowBound: Kernel {
  private let matrix: FloatView
  private let bounded: Range<Int>
  private let length: Int
  /// Elements from one row to the next, and from one element of a row to the next.
  private let rowStride: Int
  private let step: Int
  private let limit: Double

  /// - Parameters:
  ///   - matrix: rows × columns.
  ///   - bounded: the rows that are the tile's.
  package init(
    _ matrix: FloatView, rows: Int, columns: Int, order: ProductShape.Order, bounded: Range<Int>,
    limit: Double
  ) {
    self.matrix = matrix.checked(rows * columns)
    self.bounded = bounded
    length = columns
    (rowStride, step) = order == .rowMajor ? (columns, 1) : (1, rows)
    self.limit = limit
  }

  package func run() {
    for row in bounded {
      let start = row * rowStride
      var sum = 0.0
      for place in 0..<length {
        let value = Double(matrix[start + place * step])
        sum += value * value
      }
      let norm = sum.squareRoot()
      // Not a NaN either, which the update has found already.
      guard norm > limit, norm.isFinite else { continue }
      let factor = Float(limit / norm)
      for place in 0..<length { matrix[start + place * step] *= factor }
    }
  }
}
