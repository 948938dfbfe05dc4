/// Interpolates x linearly along the last two axes.
///
/// - Parameter images: the number of examples times the number of channels.
package func bilinearUpsampling(
  images: Int, rows: Interpolation, columns: Interpolation, _ x: FloatView, to y: FloatView
) -> some Kernel {
  let (height, width) = (rows.input, columns.input)
  let x = x.checked(images * height * width)
  let y = y.checked(images * rows.output * columns.output)
  let (rows, columns) = (rows.places, columns.places)
  return PreparedLoop {
    var target = 0
    for image in 0..<images {
      let start = image &* height &* width
      for row in rows {
        let upper = start &+ row.first &* width
        let lower = start &+ row.second &* width
        for column in columns {
          let above = x.between(upper, column)
          y[target] = above * (1 - row.weight) + x.between(lower, column) * row.weight
          target &+= 1
        }
      }
    }
  }
}

extension View where Element == Float {
  /// Interpolates between two elements of the row that begins at `row`.
  @inline(__always)
  fileprivate func between(_ row: Int, _ column: Interpolation.Place) -> Float {
    self[row &+ column.first] * (1 - column.weight) + self[row &+ column.second] * column.weight
  }
}

/// ∂x of ``bilinearUpsampling``, summed in the order of the elements of y.
package func bilinearUpsamplingGradient(
  images: Int, rows: Interpolation, columns: Interpolation, dy: FloatView, to dx: FloatView
) -> some Kernel {
  let (height, width) = (rows.input, columns.input)
  let dy = dy.checked(images * rows.output * columns.output)
  let dx = dx.checked(images * height * width)
  let (rows, columns) = (rows.places, columns.places)
  return PreparedLoop {
    for index in 0..<images &* height &* width { dx[index] = 0 }
    var source = 0
    for image in 0..<images {
      let start = image &* height &* width
      for row in rows {
        let upper = start &+ row.first &* width
        let lower = start &+ row.second &* width
        for column in columns {
          let (above, below) = (dy[source] * (1 - row.weight), dy[source] * row.weight)
          dx[upper &+ column.first] += above * (1 - column.weight)
          dx[upper &+ column.second] += above * column.weight
          dx[lower &+ column.first] += below * (1 - column.weight)
          dx[lower &+ column.second] += below * column.weight
          source &+= 1
        }
      }
    }
  }
}
