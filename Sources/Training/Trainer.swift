package import DataSources
package import Files
internal import Kernels
internal import ModelFiles
package import Networks
package import Plans
package import Threads

/// Trains a model: batches, updates, tests, history.
///
/// An iteration is one update: `iter_size` batches. Batches follow the epochs' orders, the last
/// short batch of an epoch included.
package final class Trainer {
  /// How a training ended.
  package enum Outcome: Sendable, Equatable {
    case completed
    /// Ended before its length by the model file's `early_stop`; says why.
    case stoppedEarly(String)
    /// Left by who looked on, to go on another time.
    case interrupted
    /// Left the finite numbers; says where.
    case diverged(String)
  }

  package let model: PreparedModel
  package let store: ParameterStore
  package internal(set) var history: History
  /// The values of the parameters at the best test, row-major; empty where there is no test.
  package internal(set) var best: [[Float]] = []
  /// Of the last test.
  package private(set) var lastTest: Scoreboard?
  package internal(set) var bestScores: [(name: String, value: Double)] = []
  /// Iterations of the whole training.
  package var iterationCount: Int { schedule.iterationCount }
  package let workers: Workers
  package let cache = ImplementationCache()
  package let trainingSource: BatchSource
  private let plans: (full: NetworkPlan?, last: NetworkPlan?)
  package let update: UpdatePlan
  let evaluator: Evaluator?
  /// Of the statistics of averaged weights; nil if these need none of their own.
  private let statistics: StatisticsMeasurement?
  let schedule: TrainingSchedule
  var measurements: Measurements
  var bestRank = -Double.infinity
  /// The iteration of the best test; 0 before the first.
  package internal(set) var bestIteration = 0
  /// What tells whether a checkpoint was made with the same examples.
  private(set) lazy var dataChecksum = Digest(
    of: [trainingSource.dataset] + (evaluator.map { [$0.source.dataset] } ?? [])
  ).text
  /// Batches that were trained on.
  var batchNumber = 0
  /// Why the training stops before its length; nil if it goes on.
  package var stopReason: String?
  /// The last update, as long as its test is not made; nil once it is recorded.
  var unrecorded: UnrecordedUpdate?
  /// Who looks on, and changes nothing; nil: nobody.
  var doctor: Doctor?

  /// Takes all memory, and prepares every plan.
  ///
  /// - Throws: ``RunFailure`` if the memory is not there.
  package init(
    _ model: PreparedModel, train: Dataset, test: Dataset?, threads: Int
  ) throws(RunFailure) {
    self.model = model
    let (file, solver) = (model.file, model.file.solver)
    schedule = try TrainingSchedule(file, exampleCount: train.count)
    workers = Workers(count: threads)
    do throws(KernelError) {
      store = try ParameterStore(model.training.parameters, forTraining: true)
      try store.fill(seed: file.seed)
      trainingSource = try BatchSource(
        train, batchSize: file.data.train.batchSize,
        shuffles: file.data.train.shuffles(in: .train), seed: file.seed)
      update = try UpdatePlan(store, solver, cache: cache)
    } catch {
      throw .environment(error.message)
    }
    plans = try model.plans(
      .train, for: trainingSource, purpose: .training, store: store, cache: cache)
    var evaluator: Evaluator?
    if let test, let part = file.data.test {
      evaluator = try Evaluator(
        model, test, batchSize: part.batchSize, purpose: .testing, store: store, cache: cache,
        workers: workers)
    }
    self.evaluator = evaluator
    statistics =
      StatisticsMeasurement.isNeeded(by: model)
      ? try StatisticsMeasurement(model, train, store: store, cache: cache, workers: workers) : nil
    measurements = Measurements(solver, evaluator == nil ? [] : model.reportedScores)
    history = History(
      testNames: (evaluator?.scoreNames ?? []).map { "test_\($0)" },
      rows: schedule.rowCount(isTested: evaluator != nil),
      tests: evaluator == nil ? 0 : schedule.testCount,
      showsRegularization: solver.showsRegularization)
  }

  /// Trains to the end, or until a metric does not improve any more, a number is not finite, or `observe` has enough.
  /// Where averages are taken, they are the parameters of a training that ended, with the statistics that belong to them.
  ///
  /// - Parameters:
  ///   - isStopped: asked between the batches of a test; true leaves the test, which is made when the training goes on.
  ///   - observe: called after every iteration; false interrupts the training.
  /// - Throws: what `observe` throws.
  package func run<Failure: Error>(
    isStopped: () -> Bool = { false }, _ observe: (TrainingProgress) throws(Failure) -> Bool
  ) throws(Failure) -> Outcome {
    let outcome = try train(isStopped, observe)
    switch outcome {
    case .interrupted: break
    case .diverged: _ = takeAverages { false }
    case .completed, .stoppedEarly:
      guard takeAverages(isStopped) else { return .interrupted }
      // Of a training that went on from its last iteration the test is in the history only.
      guard lastTest == nil, !history.tests.isEmpty else { break }
      lastTest = evaluator?.scores(isStopped: isStopped)
      guard lastTest == nil else { break }
      update.exchangeAverages()
      return .interrupted
    }
    return outcome
  }

  private func train<Failure: Error>(
    _ isStopped: () -> Bool, _ observe: (TrainingProgress) throws(Failure) -> Bool
  ) throws(Failure) -> Outcome {
    if let stopReason { return .stoppedEarly(stopReason) }
    var lastTest: [Double]?
    var iteration = unrecorded == nil ? update.count : update.count - 1
    while iteration < iterationCount {
      let rate = learningRate(iteration)
      let made: UnrecordedUpdate
      if let unrecorded {
        made = unrecorded
      } else {
        let message: String?
        (made, message) = makeUpdate(iteration, rate)
        if let message {
          append(made, iteration, rate)
          return .diverged(message)
        }
      }
      let isTestDue = schedule.isTestDue(after: iteration)
      var isDisplayed = schedule.isDisplayed(iteration)
      let rank = bestRank
      if evaluator != nil, isTestDue {
        unrecorded = made
        guard let board = test(isStopped) else { return .interrupted }
        append(made, iteration, rate)
        history.appendTest(board.values)
        (isDisplayed, lastTest) = (true, board.values)
      } else if isDisplayed {
        append(made, iteration, rate)
      }
      unrecorded = nil
      if isTestDue, let reason = measurements.look(lastTest), iteration + 1 < iterationCount {
        stopReason = reason
        // The last iteration has a row.
        if !isDisplayed { append(made, iteration, rate) }
      }
      let goesOn = try observe(
        TrainingProgress(
          iteration: iteration + 1, iterationCount: iterationCount, epoch: epoch, loss: made.loss,
          test: lastTest, isTested: evaluator != nil && isTestDue, isBest: bestRank > rank,
          isSnapshotDue: schedule.isSnapshotDue(after: iteration, isLast: stopReason != nil)))
      if !goesOn { return .interrupted }
      if let stopReason { return .stoppedEarly(stopReason) }
      iteration += 1
    }
    return .completed
  }

  /// Trains on the batches of one iteration.
  ///
  /// - Returns: what is recorded of it, and what of it is not finite; nil if all is.
  private func makeUpdate(_ iteration: Int, _ rate: Double) -> (UnrecordedUpdate, String?) {
    let (loss, isFinite) = accumulateGradients()
    // Of the parameters that the loss is of.
    let made = UnrecordedUpdate(loss: loss, regularization: update.regularization(on: workers))
    guard isFinite else { return (made, divergence(iteration: iteration + 1, loss: loss)) }
    measurements.add(loss: loss)
    if let doctor, doctor.nextInspection == iteration { doctor.inspect(loss: loss, history) }
    if let broken = update.run(learningRate: rate, on: workers) {
      return (made, brokenUpdate(broken, iteration: iteration + 1))
    }
    let isSaved =
      schedule.isTestDue(after: iteration)
      || schedule.isSnapshotDue(after: iteration, isLast: false)
    return (made, brokenState(looksAtSolver: isSaved).map { "iteration \(iteration + 1): \($0)" })
  }

  private func append(_ made: UnrecordedUpdate, _ iteration: Int, _ rate: Double) {
    history.append(
      iteration: iteration + 1, epoch: epoch, learningRate: rate, loss: made.loss,
      regularization: made.regularization)
  }

  /// The epoch of the last batch, counted from 1.
  private var epoch: Int { (batchNumber - 1) / trainingSource.epochOrder.batchCount + 1 }

  /// Runs the batches of an iteration; returns their mean loss, and whether it is finite as it is
  /// recorded: beyond single precision is infinite.
  private func accumulateGradients() -> (loss: Double, isFinite: Bool) {
    let count = model.file.solver.iterationSize
    var loss = 0.0
    for step in 0..<count {
      loss += computeGradients() / Double(count)
      guard Float(loss).isFinite else { return (loss, false) }
      if count > 1 { update.accumulate(step: step, on: workers) }
    }
    return (loss, true)
  }

  private func learningRate(_ iteration: Int) -> Double {
    schedule.rate(model.file.solver, iteration, measured: measurements.measuredRate)
  }

  /// Runs the next batch forward and backward; returns its loss.
  private func computeGradients() -> Double {
    let order = trainingSource.epochOrder
    let batch = batchNumber % order.batchCount
    if batch == 0 { trainingSource.begin(epoch: batchNumber / order.batchCount) }
    trainingSource.select(batch: batch, number: batchNumber)
    batchNumber += 1
    guard let plan = order.batch(batch).count == order.batchSize ? plans.full : plans.last else {
      preconditionFailure("a batch without a plan")
    }
    plan.plan.run(on: workers)
    return plan.loss
  }

  /// Puts the averages in the place of the parameters, where they are taken, and measures the statistics for them.
  ///
  /// - Returns: false where `isStopped` left the measurement; the parameters are in their place then.
  private func takeAverages(_ isStopped: () -> Bool) -> Bool {
    update.exchangeAverages()
    guard let statistics, update.holdsAverages, !statistics.run(isStopped: isStopped) else {
      return true
    }
    update.exchangeAverages()
    return false
  }

  /// Tests, and keeps the parameters if they are the best so far: their averages, where these are
  /// taken.
  ///
  /// - Returns: nil if the test was left; nothing is kept then.
  private func test(_ isStopped: () -> Bool) -> Scoreboard? {
    guard takeAverages(isStopped) else { return nil }
    defer { update.exchangeAverages() }
    guard let board = evaluator?.scores(isStopped: isStopped) else { return nil }
    lastTest = board
    warnOfWrongLabels(board)
    if board.rank > bestRank {
      bestRank = board.rank
      bestIteration = update.count
      bestScores = Array(zip(board.names.map { "best_test_\($0)" }, board.values))
      // One parameter after the other, so that there are never two copies of all.
      if best.isEmpty { best = store.parameters.map { _ in [] } }
      for index in best.indices {
        best[index] = []
        best[index] = store.rowMajor(index)
      }
    }
    return board
  }

  // MARK: Divergence

  /// Names where the numbers of the batch that was just run stop being finite.
  private func divergence(iteration: Int, loss: Double) -> String {
    let what = "iteration \(iteration): the loss is \(loss.singlePrecision)"
    let order = trainingSource.epochOrder
    let batch = (batchNumber - 1) % order.batchCount
    // Run again with memory of its own for every tensor: the plan that trains has overwritten most.
    do throws(RunFailure) {
      let graph = try model.graph(.train, batchSize: order.batch(batch).count)
      let plan: NetworkPlan
      do throws(KernelError) {
        plan = try NetworkPlan(
          graph, purpose: .training, store: store, source: trainingSource,
          shards: 1, cache: cache, sharesBytes: false)
      } catch {
        throw .environment(error.message)
      }
      plan.plan.run(on: workers)
      if let label = plan.firstWrongLabel() {
        var examples = [Int32](repeating: 0, count: order.count)
        var span = examples.mutableSpan
        order.write(epoch: (batchNumber - 1) / order.batchCount, into: &span)
        let places = examples[order.batch(batch)].map { Int($0) }
        return "\(what); \(label.text(examples: places, .train))"
      }
      guard let place = plan.firstNonFinite() else { return what }
      return "\(what); first not finite: \(place.tensor) of layer '\(place.layer)'"
    } catch {
      return what
    }
  }

  /// Names the parameter whose gradient stopped being finite first, in the order of backward, or
  /// else the first that an update of finite gradients broke.
  private func brokenUpdate(_ parameter: Int, iteration: Int) -> String {
    let source = store.parameters.indices.last { index in
      store.rowMajorGradient(index)?.contains { !$0.isFinite } ?? false
    }
    let broken = store.parameters[source ?? parameter]
    let reason =
      source == nil ? "the learning rate is too high" : "its gradient is not finite"
    return "iteration \(iteration): the update makes '\(broken.name)' of layer '\(broken.owner)' "
      + "not finite; \(reason)"
  }

  /// What is not finite beside the parameters that are trained; nil if all is.
  ///
  /// - Parameter looksAtSolver: at the solver's state too, which reads all of it. It is finite as long as squares of
  ///   gradients are.
  package func brokenState(looksAtSolver: Bool) -> String? {
    if let index = store.firstNonFiniteStatistic {
      let broken = store.parameters[index]
      return "the batch makes '\(broken.name)' of layer '\(broken.owner)' not finite"
    }
    guard looksAtSolver, let (index, name) = update.firstNonFiniteState else { return nil }
    let broken = store.parameters[index]
    return "the solver's '\(name)' of '\(broken.name)' of layer '\(broken.owner)' is not finite: "
      + "its gradients are too large"
  }
}
