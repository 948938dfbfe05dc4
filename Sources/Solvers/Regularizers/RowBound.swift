package import Kernels

/// w_o ← w_o · min(1, limit / ‖w_o‖) for the rows w_o of one tile
///
/// The kernel sums each norm in double precision, in the order of the row's elements. Therefore
/// neither the tiling nor the storage order of the matrix changes a bit of the result.
package struct RowBound: Kernel {
  private let matrix: FloatView
  /// The rows of this tile.
  private let bounded: Range<Int>
  /// The elements of a row.
  private let length: Int
  /// The distance between rows, and between the elements of a row, in elements.
  private let rowStride: Int
  private let step: Int
  private let limit: Double

  /// Makes the kernel for one tile.
  ///
  /// - Parameters:
  ///   - matrix: the whole matrix, with `rows` × `columns` elements.
  ///   - order: the storage order of the matrix.
  ///   - bounded: the rows of this tile.
  ///   - limit: the greatest Euclidean norm of a row.
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
      // The update has already reported a norm that is not finite.
      guard norm > limit, norm.isFinite else { continue }
      let factor = Float(limit / norm)
      for place in 0..<length { matrix[start + place * step] *= factor }
    }
  }
}
