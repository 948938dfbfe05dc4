/// The outlines of a grid's classes as smooth closed paths, in eighths of a cell.
///
/// Each outline connects the midpoints of the edges between cells of different classes, smoothed by
/// the binomial weights 1, 4, 6, 4, 1. The outline of a neighbouring region uses the same midpoints
/// and the same sums, so that two regions meet without a gap. Along the rim the outlines run
/// outside the grid, and the drawing must clip them.
package struct RegionOutlines: Sendable {
  /// The number of path units in a cell.
  package static let unitsPerCell = 8

  /// One path for each class that occurs, in ascending order.
  package private(set) var paths: [(classIndex: Int, path: PathData)] = []

  /// Traces `classes`, which are row-major `[rows, columns]`.
  package init(classes: [UInt8], columns: Int, rows: Int) {
    guard columns > 0, rows > 0 else { return }
    var tracer = RegionTracer(classes: classes, columns: columns, rows: rows)
    tracer.traceAll()
    for (index, path) in tracer.paths.enumerated() where !path.isEmpty {
      paths.append((index, path))
    }
  }
}

/// Traces the regions of a grid, with the cells of a region on the right of its outline.
private struct RegionTracer {
  /// The number of cells that repeat the rim, so that outlines bend outside the grid.
  private static let margin = 2
  private static let outside: UInt16 = 256
  /// The length up to which outlines stay sharp, because smoothing would shrink them to nothing.
  private static let sharpLength = 8

  private enum Heading: Int {
    case east
    case south
    case west
    case north

    var step: (x: Int, y: Int) {
      switch self {
      case .east: (1, 0)
      case .south: (0, 1)
      case .west: (-1, 0)
      case .north: (0, -1)
      }
    }

    var right: Heading { Heading(rawValue: (rawValue + 1) % 4) ?? .east }
    var left: Heading { Heading(rawValue: (rawValue + 3) % 4) ?? .east }
  }

  private(set) var paths = Array(repeating: PathData(unit: .one), count: 256)
  private let width: Int
  private let height: Int
  private var cells: [UInt16]
  /// For each cell, whether an outline has passed its upper edge.
  private var isPassed: [Bool]
  /// The midpoints of the edges of one outline, in halves of a cell.
  private var middles: [(x: Int, y: Int)] = []

  init(classes: [UInt8], columns: Int, rows: Int) {
    let margin = RegionTracer.margin
    width = columns + 2 * margin + 2
    height = rows + 2 * margin + 2
    cells = Array(repeating: RegionTracer.outside, count: width * height)
    isPassed = Array(repeating: false, count: width * height)
    for y in 1..<height - 1 {
      let row = min(max(y - 1 - margin, 0), rows - 1)
      for x in 1..<width - 1 {
        let column = min(max(x - 1 - margin, 0), columns - 1)
        cells[y * width + x] = UInt16(classes[row * columns + column])
      }
    }
  }

  /// Traces all outlines. Every outline contains the upper edge of a cell of its region. Around a
  /// hole, this cell is below the hole.
  mutating func traceAll() {
    for index in width..<cells.count {
      let cell = cells[index]
      if cell != cells[index - width], cell != RegionTracer.outside, !isPassed[index] {
        trace(cell, fromUpperEdgeOf: index)
        writeOutline(to: Int(cell))
      }
    }
  }

  private mutating func trace(_ cell: UInt16, fromUpperEdgeOf start: Int) {
    middles.removeAll(keepingCapacity: true)
    // A corner has the index of the cell at its lower right.
    var corner = start
    var heading = Heading.east
    repeat {
      if heading == .east { isPassed[corner] = true }
      let (y, x) = corner.quotientAndRemainder(dividingBy: width)
      let step = heading.step
      middles.append((2 * x + step.x, 2 * y + step.y))
      corner += step.x + step.y * width
      heading = turn(at: corner, heading: heading, around: cell)
    } while corner != start || heading != .east
  }

  private func turn(at corner: Int, heading: Heading, around cell: UInt16) -> Heading {
    let (northWest, northEast) = (cells[corner - width - 1], cells[corner - width])
    let (southWest, southEast) = (cells[corner - 1], cells[corner])
    let (aheadLeft, aheadRight, behindLeft) =
      switch heading {
      case .east: (northEast, southEast, northWest)
      case .south: (southEast, southWest, northEast)
      case .west: (southWest, northWest, southEast)
      case .north: (northWest, northEast, southWest)
      }
    switch (aheadLeft == cell, aheadRight == cell) {
    case (false, true): return heading
    case (true, true): return heading.left
    case (false, false): return heading.right
    case (true, false):
      // Two cells of this class touch at the corner. When two classes cross there, only one can
      // pass, and both outlines must choose the same class.
      let passes = aheadRight != behindLeft || cell < aheadRight
      return passes ? heading.left : heading.right
    }
  }

  private mutating func writeOutline(to classIndex: Int) {
    let count = middles.count
    let origin = (RegionTracer.margin + 1) * RegionOutlines.unitsPerCell
    func write(_ index: Int, x: Int, y: Int) {
      if index == 0 {
        paths[classIndex].move(x: x - origin, y: y - origin)
      } else {
        paths[classIndex].line(x: x - origin, y: y - origin)
      }
    }
    if count <= RegionTracer.sharpLength {
      for (index, middle) in middles.enumerated() {
        write(index, x: 4 * middle.x, y: 4 * middle.y)
      }
    } else {
      // The outline is a ring. Repeating its ends gives each midpoint two neighbours on both sides.
      middles = [middles[count - 2], middles[count - 1]] + middles + [middles[0], middles[1]]
      for index in 0..<count {
        let (a, b, c) = (middles[index], middles[index + 1], middles[index + 2])
        let (d, e) = (middles[index + 3], middles[index + 4])
        let x = a.x + e.x + 4 * (b.x + d.x) + 6 * c.x
        let y = a.y + e.y + 4 * (b.y + d.y) + 6 * c.y
        write(index, x: (x + 2) / 4, y: (y + 2) / 4)
      }
    }
    paths[classIndex].close()
  }
}
