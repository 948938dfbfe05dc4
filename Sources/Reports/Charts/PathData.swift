/// The `d` attribute of an SVG path of straight lines, in few bytes.
///
/// Moves are relative, a line is only two numbers, and successive lines in one direction become one
/// line. Positions are integers, so that rounding errors do not accumulate. The unit is one or a
/// tenth.
package struct PathData: Sendable {
  package enum Unit: Sendable {
    case one
    case tenth
  }

  private let unit: Unit
  private var written: [UInt8] = []
  private var start = Point(x: 0, y: 0)
  /// The end of the written part.
  private var position = Point(x: 0, y: 0)
  /// The end of a line that may still grow.
  private var tip = Point(x: 0, y: 0)
  /// Whether a line was written since the last move.
  private var hasLength = false

  private struct Point {
    var x: Int
    var y: Int
  }

  package init(unit: Unit) { self.unit = unit }

  package var isEmpty: Bool { written.isEmpty }

  package var bytes: [UInt8] {
    var copy = self
    copy.finishLine()
    return copy.written
  }

  package mutating func move(x: Int, y: Int) {
    finishLine()
    written.append(UInt8(ascii: "m"))
    write(x - position.x, y - position.y)
    position = Point(x: x, y: y)
    start = position
    tip = position
    hasLength = false
  }

  package mutating func line(x: Int, y: Int) {
    let (dx, dy) = (tip.x - position.x, tip.y - position.y)
    let (nextX, nextY) = (x - tip.x, y - tip.y)
    if nextX == 0, nextY == 0 { return }
    let isStraight = dx * nextY == dy * nextX && dx * nextX + dy * nextY > 0
    if !isStraight { finishLine() }
    tip = Point(x: x, y: y)
  }

  /// Ends a line that stays visible even if it is a single point, because a round line cap draws a
  /// dot.
  package mutating func endLine() {
    finishLine()
    if !hasLength { written += Array("h0".utf8) }
  }

  package mutating func close() {
    finishLine()
    written.append(UInt8(ascii: "z"))
    position = start
    tip = start
  }

  private mutating func finishLine() {
    let (dx, dy) = (tip.x - position.x, tip.y - position.y)
    guard dx != 0 || dy != 0 else { return }
    if dx >= 0 { written.append(UInt8(ascii: " ")) }
    write(dx, dy)
    position = tip
    hasLength = true
  }

  private mutating func write(_ dx: Int, _ dy: Int) {
    write(dx)
    if dy >= 0 { written.append(UInt8(ascii: " ")) }
    write(dy)
  }

  private mutating func write(_ number: Int) {
    switch unit {
    case .one: written.append(decimal: number)
    case .tenth: written.append(tenths: number)
    }
  }
}
