internal import DataFiles
internal import Tensors
package import YAML

/// The division of one source's rows into the training part and the test part.
///
/// The rows are in random order, or in that of the source with `shuffle: false`.
///
/// - `split`: the first round(fraction·n) of the n rows train.
/// - `fold`: the rows are cut into folds whose sizes differ by at most one. Earlier folds are
///   larger. One fold tests.
///
/// The assignment to parts is the same for every phase, so that both parts together have each row
/// exactly once. ``RowPartition`` says what `stratify` and `group` change.
package enum Division: Equatable, Sendable {
  case split(RowSplit)
  case fold(RowFold)

  package var choice: RowChoice {
    switch self {
    case .split(let split): split.choice
    case .fold(let fold): fold.choice
    }
  }

  /// The name of the field that states the division.
  package var field: String {
    switch self {
    case .split: RowSplit.name
    case .fold: RowFold.name
    }
  }

  /// The column of the groups, and the field that names it. Nil without groups.
  var group: (column: String, field: String)? { choice.group.map { ($0, "\(field).group") } }

  /// The division as a model file states it.
  package var pair: (String, Node) {
    switch self {
    case .split(let split): (field, split.encoded)
    case .fold(let fold): (field, fold.encoded)
    }
  }

  /// The number of parts of a partition.
  private var partCount: Int {
    switch self {
    case .split: 2
    case .fold(let fold): fold.count
    }
  }

  /// The part of the partition that tests.
  private var testPart: Int {
    switch self {
    case .split: 1
    case .fold(let fold): fold.index
    }
  }

  /// Returns the number of examples of a part. Nil when the groups of rows determine it.
  ///
  /// - Throws: a failure when a part has no row.
  func count(in rows: Int, of phase: DataPhase) throws(DataFailure) -> Int? {
    guard choice.group == nil else { return nil }
    try check(rows, "row\(rows == 1 ? "" : "s")")
    let tested: Int
    switch self {
    case .split(let split): tested = rows - split.trainingCount(of: rows)
    case .fold(let fold): tested = fold.testCount(of: rows)
    }
    return phase == .test ? tested : rows - tested
  }

  /// Returns the rows of a part, in order.
  ///
  /// - Throws: a failure at the field that the rows do not fit.
  func rows(_ rows: DividedRows, of phase: DataPhase) throws(DataFailure) -> [Int] {
    let order =
      choice.shuffles
      ? RandomStream(seed: choice.seed, purpose: .split).permutation(of: rows.count)
      : Array(0..<rows.count)
    let parts = try parts(order, rows)
    let testPart = testPart
    return order.filter { (parts[$0] == testPart) == (phase == .test) }
  }

  /// Returns the number of each row's part.
  private func parts(_ order: [Int], _ rows: DividedRows) throws(DataFailure) -> [Int] {
    var classes: [Int]?
    if choice.stratifies {
      guard let stated = rows.classes else { throw stratifyFailure }
      classes = try strata(stated, rows.classNames)
    }
    let partition = RowPartition(order: order, classes: classes)
    if let groups = rows.groups, choice.group != nil {
      let count = Set(groups).count
      try check(count, count == 1 ? "group" : "groups")
      return partition.parts(grouped: groups, shares, inOrder: !choice.shuffles)
    }
    try check(rows.count, "row\(rows.count == 1 ? "" : "s")")
    switch self {
    case .split(let split): return partition.parts(cutAt: split.trainingCount(of: rows.count))
    case .fold(let fold): return partition.folds(fold.count)
    }
  }

  /// The share of each part.
  private var shares: [Double] {
    switch self {
    case .split(let split): [split.fraction, 1 - split.fraction]
    case .fold(let fold): Array(repeating: 1 / Double(fold.count), count: fold.count)
    }
  }

  /// Returns the classes as numbers from 0 without gaps.
  ///
  /// - Throws: a failure when a class has a single row, which cannot be in both parts.
  private func strata(_ classes: [Int], _ names: [String]) throws(DataFailure) -> [Int] {
    var counts: [Int: Int] = [:]
    for label in classes { counts[label, default: 0] += 1 }
    let labels = counts.keys.sorted()
    if let single = labels.first(where: { counts[$0] == 1 }) {
      let name = names.indices.contains(single) ? names[single] : "\(single)"
      throw failure(
        "stratify",
        "expected at least 2 rows of each class, received 1 of class '\(name.quotable)'")
    }
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    return classes.map { places[$0] ?? 0 }
  }

  /// Checks that the classes of `targets` can have equal shares in every part.
  func checkClasses(of targets: [DataTop]) throws(DataFailure) {
    guard targets.count == 1, targets[0].hasClasses, targets[0].width == 1 else {
      throw stratifyFailure
    }
  }

  /// The failure when the target is not one class for each example.
  private var stratifyFailure: DataFailure {
    failure("stratify", "expected false, since the target is not one class for each example")
  }

  /// Checks that every part has one of `count` rows or groups.
  private func check(_ count: Int, _ unit: String) throws(DataFailure) {
    switch self {
    case .split(let split):
      let training = split.trainingCount(of: count)
      let isEmpty = choice.group == nil ? training == 0 || training == count : count < 2
      guard isEmpty else { return }
      guard choice.group == nil else {
        throw failure("group", "expected a group for each part, received \(count) \(unit)")
      }
      throw failure(
        "fraction",
        "expected a row for each part, received \(count) \(unit), \(training) for training")
    case .fold(let fold):
      guard count < fold.count else { return }
      throw failure(
        "count", "expected at most \(count), the number of \(unit), received \(fold.count)")
    }
  }

  private func failure(_ name: String, _ message: String) -> DataFailure {
    .field("\(field).\(name)", message: "\(field): \(name): \(message)", of: .train)
  }
}
