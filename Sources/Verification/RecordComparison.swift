internal import Expressions
internal import Training
internal import YAML

/// The comparison of a training with its record.
///
/// With the same arithmetic, the examples, every row, the weights and the scores must agree bit for
/// bit, on every processor. With another arithmetic, examples and weights are not compared, and
/// numbers a and b agree if
///
///     |a − b| ≤ t · max(|a|, |b|, floor)
///
/// | number | t | floor |
/// |---|---|---|
/// | learning rate | 10⁻⁶ | 0 |
/// | loss of iterations 1 to 20 | 10⁻⁴, or the record's tolerance if that is less | 1 % of the first loss |
/// | loss of iterations 21 to 100, regularization | the record's tolerance | 1 % of the first loss |
/// | mean of the recorded losses from iteration 21 on | the record's tolerance | 1 % of the first loss |
/// | test, score of the end | the record's tolerance | 1 |
///
/// After some hundred steps, rounding can change the loss of a single batch by any amount. It does
/// not change the mean of many losses, or a test of many examples. In a test of few examples, one
/// example can change a score by more than the tolerance. Such a record needs a greater tolerance.
package struct RecordComparison: Sendable {
  package enum Standard: String, Sendable {
    case bits = "bit for bit"
    case tolerance = "within tolerance"
  }

  /// The last iteration whose single loss is compared with another arithmetic.
  private static let lastSingleLoss = 100

  package let standard: Standard
  package private(set) var differences: [Difference] = []
  private let recorded: Record
  private let now: Record

  package init(_ recorded: Record, _ now: Record) {
    standard = recorded.arithmetic == now.arithmetic ? .bits : .tolerance
    (self.recorded, self.now) = (recorded, now)
    if recorded.model != now.model {
      differences.append(
        Difference(.model, "the model was changed since it was recorded", recorded.model, now.model)
      )
    }
    compare("seed", "\(recorded.seed)", "\(now.seed)", .model)
    if standard == .bits, recorded.data != now.data {
      differences.append(
        Difference(.data, "the examples differ from those of the record", recorded.data, now.data))
    }
    compareHistory()
    compareScores()
    if standard == .bits { compare("weights", recorded.weights, now.weights, .weights) }
  }

  private mutating func compare(
    _ name: String, _ before: String, _ after: String, _ kind: Difference.Kind
  ) {
    guard before != after else { return }
    differences.append(
      Difference(
        kind, "\(name): recorded \(before.quotable), now \(after.quotable)", before.quotable,
        after.quotable))
  }

  /// Reports the first row that differs, or other evidence of a difference.
  private mutating func compareHistory() {
    let count = differences.count
    if recorded.header != now.header {
      compare("columns", recorded.header, now.header, .history)
    } else {
      let count = differences.count
      if recorded.iterations == now.iterations,
        recorded.rows.map(\.iteration) != now.rows.map(\.iteration)
      {
        // Without this check, a row that is missing from the record would go unnoticed.
        compare("rows", "\(recorded.rows.count)", "\(now.rows.count) others", .history)
      }
      compareRows()
      if standard == .tolerance, differences.count == count { compareMeans() }
    }
    let mayStopElsewhere =
      standard == .tolerance && [recorded, now].contains { $0.end != "completed" }
    if !mayStopElsewhere {
      compare("iterations", "\(recorded.iterations)", "\(now.iterations)", .history)
      compare("end", recorded.end, now.end, .history)
    }
    guard standard == .bits, differences.count == count, recorded.history != now.history else {
      return
    }
    differences.append(
      Difference(
        .history, "history: the recorded rows are equal, but rows between them differ",
        recorded.history, now.history))
  }

  private mutating func compareRows() {
    let names = recorded.header.split(separator: ",", omittingEmptySubsequences: false)
    let rows = Dictionary(
      now.rows.map { ($0.iteration, $0) }, uniquingKeysWith: { first, _ in first })
    var before: Int?
    for row in recorded.rows {
      guard let other = rows[row.iteration] else { continue }
      guard other.cells.count == row.cells.count else {
        compare(
          "cells of iteration \(row.iteration)", "\(row.cells.count)", "\(other.cells.count)",
          .history)
        return
      }
      for column in row.cells.indices.dropFirst()
      where !agree(row.cells[column], other.cells[column], in: column, of: row) {
        let (recorded, now) = (row.cells[column].quotable, other.cells[column].quotable)
        let name = names.indices.contains(column) ? String(names[column]) : "column \(column + 1)"
        let last = before.map { "; all recorded values up to iteration \($0) are equal" } ?? ""
        differences.append(
          Difference(
            .history,
            "iteration \(row.iteration), \(name): recorded \(recorded), now \(now)" + last,
            recorded, now,
            iteration: row.iteration, column: name))
        return
      }
      before = row.iteration
    }
  }

  private func agree(
    _ before: String, _ after: String, in column: Int, of row: Record.Row
  ) -> Bool {
    if before == after { return true }
    guard standard == .tolerance else { return false }
    // The columns are iteration, epoch, learning rate, loss, and further ones.
    switch column {
    case 0, 1: return false
    case 2: return isNear(before, after, 1e-6, floor: 0)
    case 3:
      guard row.iteration <= RecordComparison.lastSingleLoss else { return true }
      let isFirst = row.iteration <= RecordedRows.firstCount
      let share = isFirst ? min(1e-4, recorded.tolerance) : recorded.tolerance
      return isNear(before, after, share, floor: floor)
    default:
      let isRegularization = recorded.header.hasPrefix(
        "iteration,epoch,learning_rate,loss,regularization")
      return column == 4 && isRegularization
        ? isNear(before, after, recorded.tolerance, floor: floor)
        : isNear(before, after, recorded.tolerance, floor: 1)
    }
  }

  /// The floor for differences of losses.
  private var floor: Double { (recorded.rows.first?.loss ?? 0).magnitude / 100 }

  /// Compares the mean of the losses after the first iterations.
  private mutating func compareMeans() {
    guard let before = recorded.meanOfLaterLosses, let after = now.meanOfLaterLosses,
      !isNear("\(before)", "\(after)", recorded.tolerance, floor: floor)
    else { return }
    differences.append(
      Difference(
        .history,
        "mean of the recorded losses from iteration \(RecordedRows.firstCount + 1) on: recorded "
          + "\(before.singlePrecision), now \(after.singlePrecision)", before.singlePrecision,
        after.singlePrecision, column: "loss"))
  }

  private func isNear(_ before: String, _ after: String, _ share: Double, floor: Double) -> Bool {
    guard let a = Double(before), let b = Double(after), a.isFinite, b.isFinite else {
      return before == after
    }
    return (a - b).magnitude <= share * max(a.magnitude, b.magnitude, floor)
  }

  private mutating func compareScores() {
    let names = recorded.scores.map(\.name).joined(separator: ", ")
    compare("scores", names, now.scores.map(\.name).joined(separator: ", "), .score)
    for score in recorded.scores {
      guard let other = now.scores.first(where: { $0.name == score.name }) else { continue }
      // The rows already contain the loss of the last iteration.
      if standard == .tolerance,
        score.name == "loss" || isNear(score.value, other.value, recorded.tolerance, floor: 1)
      {
        continue
      }
      compare(score.name, score.value, other.value, .score)
    }
  }
}

extension Record.Row {
  fileprivate var loss: Double? { cells.count > 3 ? Double(cells[3]) : nil }
}

extension Record {
  /// The mean of the losses after the first iterations. Nil when there are none.
  fileprivate var meanOfLaterLosses: Double? {
    let losses = rows.filter { $0.iteration > RecordedRows.firstCount }.compactMap(\.loss)
    return losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count)
  }
}
