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
package struct BilinearUpsampling: Kernel {
  private let images: Int
  private let rows: ContiguousArray<Interpolation.Place>
  private let columns: ContiguousArray<Interpolation.Place>
  private let inputHeight: Int
  private let inputWidth: Int
  private let x: FloatView
  private let y: FloatView

  /// - Parameter images: examples times channels.
  package init(
    images: Int, rows: Interpolation, columns: Interpolation, _ x: FloatView, to y: FloatView
  ) {
    self.images = images
    self.rows = rows.places
    self.columns = columns.places
    (inputHeight, inputWidth) = (rows.input, columns.input)
    self.x = x.checked(images * rows.input * columns.input)
    self.y = y.checked(images * rows.output * columns.output)
  }

  package func run() {
    var target = 0
    for image in 0..<images {
      let start = image &* inputHeight &* inputWidth
      for row in rows {
        let upper = start &+ row.first &* inputWidth
        let lower = start &+ row.second &* inputWidth
        for column in columns {
          let above = between(upper, column)
          y[target] = above * (1 - row.weight) + between(lower, column) * row.weight
          target &+= 1
        }
      }
    }
  }

  @inline(__always)
  private func between(_ row: Int, _ column: Interpolation.Place) -> Float {
    x[row &+ column.first] * (1 - column.weight) + x[row &+ column.second] * column.weight
  }
}

/// ∂x of ``BilinearUpsampling``, in the order of the elements of y.
package struct BilinearUpsamplingGradient: Kernel {
  private let images: Int
  private let rows: ContiguousArray<Interpolation.Place>
  private let columns: ContiguousArray<Interpolation.Place>
  private let inputHeight: Int
  private let inputWidth: Int
  private let dy: FloatView
  private let dx: FloatView

  package init(
    images: Int, rows: Interpolation, columns: Interpolation, dy: FloatView, to dx: FloatView
  ) {
    self.images = images
    self.rows = rows.places
    self.columns = columns.places
    (inputHeight, inputWidth) = (rows.input, columns.input)
    self.dy = dy.checked(images * rows.output * columns.output)
    self.dx = dx.checked(images * rows.input * columns.input)
  }

  package func run() {
    for index in 0..<images &* inputHeight &* inputWidth { dx[index] = 0 }
    var source = 0
    for image in 0..<images {
      let start = image &* inputHeight &* inputWidth
      for row in rows {
        let upper = start &+ row.first &* inputWidth
        let lower = start &+ row.second &* inputWidth
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
