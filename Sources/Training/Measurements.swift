internal import Fields
package import ModelFiles
package import Solvers

/// Evaluates the metrics of a learning-rate policy and of early stopping, at each `test_interval`.
package struct Measurements {
  /// The origin of a metric.
  private enum Source {
    /// The mean training loss since the previous evaluation.
    case loss
    /// A column of the tests.
    case test(Int)
  }

  private struct Metric {
    let source: Source
    let isBetterWhenGreater: Bool
  }

  private let policy: (rule: any MeasuredPolicy, metric: Metric)?
  private let stop: (rule: EarlyStop, metric: Metric)?
  /// The state that is kept from one evaluation to the next.
  package struct State: Sendable, Equatable {
    package var rate: MeasuredRate
    package var stop = EarlyStop.State()
    package var lossSum = 0.0
    package var lossCount = 0

    package init(
      rate: MeasuredRate, stop: EarlyStop.State = EarlyStop.State(), lossSum: Double = 0,
      lossCount: Int = 0
    ) {
      self.rate = rate
      self.stop = stop
      self.lossSum = lossSum
      self.lossCount = lossCount
    }
  }

  var state: State

  /// - Parameter scores: The scores of the tests. Empty when there are no tests.
  init(_ solver: SolverDeclaration, _ scores: [ReportedScore]) {
    func metric(_ name: String) -> Metric? {
      if name == "loss" { return Metric(source: .loss, isBetterWhenGreater: false) }
      guard let index = scores.firstIndex(where: { $0.column == name }),
        let direction = solver.direction(of: scores[index])
      else { return nil }
      return Metric(source: .test(index), isBetterWhenGreater: direction.isBetterWhenGreater)
    }
    state = State(rate: MeasuredRate(rate: solver.baseRate))
    let measured = solver.policy.value as? any MeasuredPolicy
    policy = measured.flatMap { rule in metric(rule.metric).map { (rule, $0) } }
    stop = solver.earlyStop.flatMap { rule in metric(rule.metric).map { (rule, $0) } }
  }

  /// The rate of a policy that follows a metric. Nil for every other policy.
  var measuredRate: Double? { policy == nil ? nil : state.rate.rate }

  /// Adds the loss of an iteration.
  mutating func add(loss: Double) {
    state.lossSum += loss
    state.lossCount += 1
  }

  /// Evaluates the metrics, after the test if there is one.
  ///
  /// - Parameter test: The values of the test.
  /// - Returns: The reason to stop the training. Nil when it continues.
  mutating func look(_ test: [Double]?) -> String? {
    let loss = state.lossSum / Double(max(state.lossCount, 1))
    (state.lossSum, state.lossCount) = (0, 0)
    func value(_ metric: Metric) -> Double {
      switch metric.source {
      case .loss: loss
      case .test(let index): test?[index] ?? .nan
      }
    }
    if let (rule, metric) = policy {
      rule.observe(value(metric), isBetterWhenGreater: metric.isBetterWhenGreater, &state.rate)
    }
    guard let (rule, metric) = stop,
      state.stop.observe(
        value(metric), isBetterWhenGreater: metric.isBetterWhenGreater, rule)
    else { return nil }
    let tests = "\(rule.patience) test\(rule.patience == 1 ? "" : "s")"
    return "\(rule.metric) did not improve in \(tests)"
  }
}
