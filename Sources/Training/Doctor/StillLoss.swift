internal import DataSources
internal import ModelFiles
internal import YAML

/// A loss that stays where it began.
///
/// The history alone is looked at. A stretch is as many whole epochs as have 50 updates, and 10 rows
/// of the history, but of a longer epoch 1,000 updates. After ten stretches, or at the end of a run that
/// has at least three, the mean loss of the first stretch is compared with that of the last whole one, and
/// with that of all. Where both are within 1 % of it, the loss has not moved; unless it fell so fast
/// that the first stretch does not show it: then the first three losses are further from the last
/// stretch than three standard errors.
///
/// In a mean each update counts by its examples: that of an epoch is the mean of all examples, in
/// whatever order they came.
struct StillLoss {
  /// What was compared: updates in all, in a stretch, and the means of the first and the last.
  struct Finding {
    let updates: Int
    let stretch: Int
    let first: Double
    let last: Double
  }

  /// The greatest change, as a share of the first mean, that is none.
  private static let share = 0.01
  /// Means that are closer to 0 have reached it.
  private static let zero = 1e-6
  /// Stretches until it is told, and to the end of a shorter run.
  private static let (longRun, shortRun) = (10, 3)

  private let stretch: Int
  private let order: EpochOrder
  private let iterationSize: Int
  /// Updates in which the learning rate rises from 0.
  private let warmup: Int
  private var isJudged = false

  init(_ schedule: TrainingSchedule, _ solver: SolverDeclaration, _ order: EpochOrder) {
    self.order = order
    iterationSize = solver.iterationSize
    warmup = schedule.warmupLength
    let (least, batches) = (max(50, 10 * solver.display), max(order.batchCount, 1))
    let epochs = (least * iterationSize - 1) / batches + 1
    let whole = (epochs * batches - 1) / iterationSize + 1
    stretch = min(whole, max(1000, least))
  }

  /// Judges once, as soon as enough is known.
  ///
  /// - Parameter isEnd: whether the training has ended.
  mutating func judge(_ history: History, isEnd: Bool) -> Finding? {
    let updates = history.iterations.last ?? 0
    let due = (isEnd ? StillLoss.shortRun : StillLoss.longRun) * stretch + warmup
    guard !isJudged, updates >= due else { return nil }
    isJudged = true
    let end = updates / stretch * stretch
    let first = mean(history, 1...stretch)
    let last = mean(history, end - stretch + 1...end)
    guard abs(first) >= StillLoss.zero else { return nil }
    let limit = StillLoss.share * abs(first)
    let (beginning, error) = beginning(history, last: last, from: end - stretch + 1)
    guard abs(last - first) <= limit, abs(mean(history, 1...end) - first) <= limit,
      abs(beginning - last) <= max(limit, 3 * error)
    else { return nil }
    return Finding(updates: end, stretch: stretch, first: first, last: last)
  }

  /// The examples of an update, counted from 1: an epoch's last batch may be short.
  private func examples(of update: Int) -> Int {
    let batches = max(order.batchCount, 1)
    let (first, next) = ((update - 1) * iterationSize, update * iterationSize)
    let epochs = next / batches - first / batches
    return iterationSize * order.batchSize - epochs * (batches * order.batchSize - order.count)
  }

  /// The mean loss of the updates that the history has of a range.
  private func mean(_ history: History, _ updates: ClosedRange<Int>) -> Double {
    var (sum, count) = (0.0, 0.0)
    for (update, loss) in zip(history.iterations, history.losses) where updates.contains(update) {
      let examples = Double(examples(of: update))
      sum += examples * loss
      count += examples
    }
    return sum / count
  }

  /// The mean of the first three losses, and the standard error of three in the last stretch.
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
