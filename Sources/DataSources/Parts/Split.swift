package import DataFiles
internal import YAML

/// The rows of a source that belong to a part.
///
/// - `all`: all rows.
/// - `rows`: those in the range, in the order of the source.
/// - `divided`: those that `split` or `fold` assign to the phase.
package enum Split: Equatable, Sendable {
  case all
  case rows(RowRange)
  case divided(Division)

  /// Returns the reason why `count` rows do not have the stated rows. Nil when they have them.
  func mistake(in count: Int) -> String? {
    guard case .rows(let rows) = self, rows.range.upperBound > count else { return nil }
    return "rows: expected at most \(count), received "
      + "[\(rows.range.lowerBound), \(rows.range.upperBound)]"
  }

  /// Returns the number of examples of a part. Nil when only reading the rows shows it.
  ///
  /// - Parameter phase: the part, which a failure names.
  func count(in count: Int, of phase: DataPhase) throws(DataFailure) -> Int? {
    try check(count, phase)
    switch self {
    case .all: return count
    case .rows(let rows): return rows.range.count
    case .divided(let division): return try division.count(in: count, of: phase)
    }
  }

  private func check(_ count: Int, _ phase: DataPhase) throws(DataFailure) {
    guard let mistake = mistake(in: count) else { return }
    throw .field("rows", message: "\(phase.rawValue) data: \(mistake)", of: phase)
  }

  /// Whether the training part and the test part never share a row. False when this depends on the
  /// number of the rows or on their order.
  package func isDisjoint(from other: Split) -> Bool {
    switch (self, other) {
    case (.rows(let rows), .rows(let others)): !rows.range.overlaps(others.range)
    case (.divided(let division), .divided(let other)): division == other
    default: false
    }
  }

  /// The field that states the rows.
  package var field: String {
    switch self {
    case .all, .rows: "rows"
    case .divided(let division): division.field
    }
  }

  /// Returns the rows of the part. Nil means all rows in order.
  package func rows(_ rows: DividedRows, of phase: DataPhase) throws(DataFailure) -> [Int]? {
    try check(rows.count, phase)
    switch self {
    case .all: return nil
    case .rows(let stated): return Array(stated.range)
    case .divided(let division): return try division.rows(rows, of: phase)
    }
  }
}
