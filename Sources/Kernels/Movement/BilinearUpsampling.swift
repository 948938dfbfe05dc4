/// The two elements along an axis between which each element of a larger axis stands.
package struct Interpolation: Sendable, Hashable {
  package let input: Int
  package let output: Int
  package let alignsCorners: Bool

  package init(input: Int, output: Int, alignsCorners: Bool) {
    self.input = input
    self.output = output
    self.alignsCorners = alignsCorners
  }

  struct Place: Sendable {
    let first: Int
    let second: Int
    /// The part of the second.
    let weight: Float
  }

  /// Element j stands at j·(input − 1)/(output − 1) where corners are aligned; else at (j + ½)·input/output − ½, not before
  /// the first.
  var places: ContiguousArray<Place> {
    ContiguousArray(
      (0..<output).map { index in
        let position =
          alignsCorners
          ? (output > 1 ? Double(index) * Double(input - 1) / Double(output - 1) : 0)
          : max(0, (Double(index) + 0.5) * Double(input) / Double(output) - 0.5)
        let first = min(Int(position), input - 1)
        return Place(
          first: first, second: min(first + 1, input - 1), weight: Float(position - Double(first)))
      })
  }
}

/// y = x between its elements, along the last two axes.
///
/// - Parameter images: examples times channels.
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
  /// The value between two elements of the row that begins at `row`.
  @inline(__always)
  fileprivate func between(_ row: Int, _ column: Interpolation.Place) -> Float {
    self[row &+ column.first] * (1 - column.weight) + self[row &+ column.second] * column.weight
  }
}

/// ∂x of ``bilinearUpsampling``, in the order of the elements of y.
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
