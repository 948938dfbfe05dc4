package import DataFiles
internal import Tensors
internal import YAML

/// The rows of a source that belong to a part.
///
/// - `rows`: those in the range, in the order of the source.
/// - `fraction`: the rows at the places round(from·n) ..< round(to·n) of a permutation of all n
///   rows. `split_seed` determines the permutation, which all parts share. Parts with disjoint
///   fractions therefore share no row.
package enum Split: Equatable, Sendable {
  case all
  case rows(RowRange)
  case fraction(FractionRange)

  /// The range of places in `count` rows. It may extend beyond them.
  private func range(in count: Int) -> Range<Int> {
    switch self {
    case .all:
      return 0..<count
    case .rows(let rows):
      return rows.range
    case .fraction(let fraction):
      let from = Int((fraction.from * Double(count)).rounded())
      return from..<Int((fraction.to * Double(count)).rounded())
    }
  }

  /// Returns the reason why `count` rows do not have such a part. Nil when they have one.
  func mistake(in count: Int) -> String? {
    let range = range(in: count)
    switch self {
    case .rows where range.upperBound > count:
      return "rows: expected at most \(count), received [\(range.lowerBound), \(range.upperBound)]"
    case .fraction(let fraction) where range.isEmpty:
      return "fraction: expected at least one row, received none of \(count) in "
        + "[\(fraction.from), \(fraction.to)]"
    case .all, .rows, .fraction:
      return nil
    }
  }

  /// The range of places in `count` rows.
  ///
  /// - Parameter phase: the part that a failure names.
  package func places(in count: Int, of phase: DataPhase) throws(DataFailure) -> Range<Int> {
    if let mistake = mistake(in: count) {
      throw .field(field, message: "\(phase.rawValue) data: \(mistake)", of: phase)
    }
    return range(in: count)
  }

  /// Whether the parts never share a row, for any number of rows. False when this depends on the
  /// order of the rows.
  package func isDisjoint(from other: Split) -> Bool {
    switch (self, other) {
    case (.rows(let rows), .rows(let others)): !rows.range.overlaps(others.range)
    // Both ends of a share are rounded in the same way.
    case (.fraction(let share), .fraction(let other)):
      share.to <= other.from || other.to <= share.from
    default: false
    }
  }

  /// The field that states the split.
  package var field: String {
    switch self {
    case .all, .rows: "rows"
    case .fraction: "fraction"
    }
  }

  /// The rows of the part. Nil means all rows in order.
  package func rows(in count: Int, seed: Int, of phase: DataPhase) throws(DataFailure) -> [Int]? {
    let places = try places(in: count, of: phase)
    switch self {
    case .all: return nil
    case .rows: return Array(places)
    case .fraction:
      return Array(RandomStream(seed: seed, purpose: .split).permutation(of: count)[places])
    }
  }
}
