package import Kernels

/// w_o ← w_o · min(1, limit / ‖w_o‖) for the rows w_o of one tile
///
/// The kernel sums each norm in double precision, in the order of the row's elements. Therefore
/// neither the tiling nor the storage order of the matrix changes a bit of the result.
///
/// - Parameters:
///   - matrix: the whole matrix, with `rows` × `columns` elements.
///   - order: the storage order of the matrix.
///   - bounded: the rows of this tile.
///   - limit: the greatest Euclidean norm of a row.
package func rowBound(
  _ matrix: FloatView, rows: Int, columns: Int, order: ProductShape.Order, bounded: Range<Int>,
  limit: Double
) -> some Kernel {
  let matrix = matrix.checked(rows * columns)
  let (rowStride, step) = order == .rowMajor ? (columns, 1) : (1, rows)
  return PreparedLoop {
    for row in bounded {
      let start = row * rowStride
      var sum = 0.0
      for place in 0..<columns {
        let value = Double(matrix[start + place * step])
        sum += value * value
      }
      let norm = sum.squareRoot()
      // The update has already reported a norm that is not finite.
      guard norm > limit, norm.isFinite else { continue }
      let factor = Float(limit / norm)
      for place in 0..<columns { matrix[start + place * step] *= factor }
    }
  }
}
