internal import DataSources
internal import Expressions
internal import ModelFiles

/// Finds a loss that stays at its initial value.
///
/// The check uses only the history. A stretch has at least 50 updates and 10 rows of the history,
/// rounded up to whole epochs. The rounding stops at 1,000 updates. The check takes place after ten
/// stretches, or at the end of a run with at least three. It compares the mean loss of the first
/// stretch with the mean of the last whole stretch and with the mean of all.
///
/// The loss has not moved when both are within 1 % of the first mean. A loss that fell within the
/// first stretch is an exception. The mean of its first three losses differs from that of the last
/// stretch by more than three standard errors.
///
/// An update has the weight of its examples. Therefore the mean of an epoch is the mean of all
/// examples, in any order.
struct StagnantLoss {
  /// The compared values: the number of updates, the length of a stretch, and the means of the
  /// first and the last stretch.
  struct Finding {
    let updates: Int
    let stretch: Int
    let first: Double
    let last: Double
  }

  /// The greatest relative change that counts as none.
  private static let share = 0.01
  /// The magnitude below which a mean counts as 0.
  private static let zero = 1e-6
  /// The number of stretches before the check in a long run, and the least number at the end of a
  /// short run.
  private static let (longRun, shortRun) = (10, 3)

  private let stretch: Int
  private let order: EpochOrder
  private let iterationSize: Int
  /// The number of updates of the warm-up.
  private let warmup: Int
  private var isDone = false

  init(_ schedule: TrainingSchedule, _ solver: SolverDeclaration, _ order: EpochOrder) {
    self.order = order
    iterationSize = solver.iterationSize
    warmup = schedule.warmupLength
    let (least, batches) = (max(50, 10 * solver.display), max(order.batchCount, 1))
    let epochs = (least * iterationSize - 1) / batches + 1
    let whole = (epochs * batches - 1) / iterationSize + 1
    stretch = min(whole, max(1000, least))
  }

  /// Checks the loss once, as soon as the history is long enough.
  ///
  /// - Parameter isEnd: whether the training has ended.
  mutating func finding(in history: History, isEnd: Bool) -> Finding? {
    let updates = history.iterations.last ?? 0
    let due = (isEnd ? StagnantLoss.shortRun : StagnantLoss.longRun) * stretch + warmup
    guard !isDone, updates >= due else { return nil }
    isDone = true
    let end = updates / stretch * stretch
    let first = mean(history, 1...stretch)
    let last = mean(history, end - stretch + 1...end)
    guard abs(first) >= StagnantLoss.zero else { return nil }
    let limit = StagnantLoss.share * abs(first)
    let (beginning, error) = beginning(history, last: last, from: end - stretch + 1)
    guard abs(last - first) <= limit, abs(mean(history, 1...end) - first) <= limit,
      abs(beginning - last) <= max(limit, 3 * error)
    else { return nil }
    return Finding(updates: end, stretch: stretch, first: first, last: last)
  }

  /// Returns the examples of an update, counted from 1. The last batch of an epoch may be short.
  private func examples(of update: Int) -> Int {
    let batches = max(order.batchCount, 1)
    let (first, next) = ((update - 1) * iterationSize, update * iterationSize)
    let epochs = next / batches - first / batches
    return iterationSize * order.batchSize - epochs * (batches * order.batchSize - order.count)
  }

  /// Returns the mean loss of the recorded updates in a range.
  private func mean(_ history: History, _ updates: ClosedRange<Int>) -> Double {
    var (sum, count) = (0.0, 0.0)
    for (update, loss) in zip(history.iterations, history.losses) where updates.contains(update) {
      let examples = Double(examples(of: update))
      sum += examples * loss
      count += examples
    }
    return sum / count
  }

  /// Returns the mean of the first three losses, and the standard error of such a mean in the last
  /// stretch.
  private func beginning(
    _ history: History, last: Double, from start: Int
  ) -> (mean: Double, error: Double) {
    var (squares, count) = (0.0, 0.0)
    for (update, loss) in zip(history.iterations, history.losses) where update >= start {
      squares += (loss - last) * (loss - last)
      count += 1
    }
    let mean = history.losses.prefix(3).reduce(0, +) / 3
    return (mean, (squares / count / 3).squareRoot())
  }
}
