/// The lines at which rows begin.
///
/// Most rows are one line below the row before. The list holds only the exceptions: after a quoted
/// line break, a comment or the header.
struct RowLines: Sendable {
  /// From `row` on, the line of a row is the row plus `shift`.
  private struct Shift {
    let row: Int
    let shift: Int
  }

  private var shifts: [Shift] = []

  /// States the line of a row. Rows come in ascending order.
  @inline(__always)
  mutating func add(row: Int, line: Int) {
    if shifts.last?.shift != line - row { shifts.append(Shift(row: row, shift: line - row)) }
  }

  /// Adds the rows of a later part.
  mutating func append(_ part: RowLines, row: Int, line: Int) {
    for shift in part.shifts {
      add(row: row + shift.row, line: line + shift.shift + shift.row)
    }
  }

  func line(ofRow row: Int) -> Int {
    var (low, high) = (0, shifts.count)
    while low < high {
      let middle = (low + high) / 2
      if shifts[middle].row <= row { low = middle + 1 } else { high = middle }
    }
    return row + (low > 0 ? shifts[low - 1].shift : 0)
  }
}
