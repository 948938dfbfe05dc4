package import DataFiles
package import DataSources
package import Files
internal import Kernels
internal import ModelFiles
package import Networks
package import Plans
package import Threads

/// Trains a model: runs batches, updates and tests, and records the history.
///
/// An iteration is one update from `iter_size` batches. The batches follow the orders of the
/// epochs, including the short last batch of an epoch.
package final class Trainer {
  /// The way in which a training ended.
  package enum Outcome: Sendable, Equatable {
    case completed
    /// The `early_stop` of the model file ended the training before its length. Contains the
    /// reason.
    case stoppedEarly(String)
    /// The observer interrupted the training, which can be resumed later.
    case interrupted
    /// A number became infinite or NaN. Contains the place.
    case diverged(String)
    /// An example could not be read. Contains the reason.
    case unreadable(DataFailure)
  }

  package let model: PreparedModel
  package let store: ParameterStore
  package internal(set) var history: History
  /// The row-major parameter values at the best test. Empty when there is no test.
  package internal(set) var best: [[Float]] = []
  /// The scores of the last test.
  package private(set) var lastTest: Scoreboard?
  package internal(set) var bestScores: [(name: String, value: Double)] = []
  /// The number of iterations of the whole training.
  package var iterationCount: Int { schedule.iterationCount }
  package let workers: Workers
  /// The number of threads that load batches ahead.
  let loaders: Int
  package let cache = ImplementationCache()
  package let trainingSource: BatchSource
  private let plans: (full: NetworkPlan?, last: NetworkPlan?)
  package let update: UpdatePlan
  let evaluator: Evaluator?
  /// Measures the statistics of averaged weights. Nil when these need no statistics of their own.
  private let statistics: StatisticsMeasurement?
  let schedule: TrainingSchedule
  var measurements: Measurements
  var bestRank = -Double.infinity
  /// The iteration of the best test. 0 before the first test.
  package internal(set) var bestIteration = 0
  /// The digest that shows whether a checkpoint was made with the same examples.
  package let dataDigest: Digest
  /// The seconds for which the training waited for batches.
  package private(set) var waitingSeconds = 0.0
  /// The number of batches trained so far.
  var batchNumber = 0
  /// The reason for an early stop. Nil when the training continues.
  package var stopReason: String?
  /// The last update while its test is pending. Nil once the history contains it.
  var unrecorded: UnrecordedUpdate?
  /// Observes training and reports likely problems. Nil when diagnostics are off.
  var doctor: Doctor?

  /// Allocates all memory and prepares every plan.
  ///
  /// - Throws: ``RunFailure`` if the memory does not suffice.
  package init(
    _ model: PreparedModel, train: Dataset, test: Dataset?, threads: Int, loaders: Int? = nil
  ) throws(RunFailure) {
    self.model = model
    let loaders = loaders ?? Trainer.loaderCount(threads: threads)
    self.loaders = loaders
    dataDigest = try model.file.data.locating { () throws(DataFailure) in
      try Digest(of: [train] + (test.map { [$0] } ?? []))
    }
    let (file, solver) = (model.file, model.file.solver)
    schedule = try TrainingSchedule(file, exampleCount: train.count)
    workers = Workers(count: threads)
    do throws(KernelError) {
      store = try ParameterStore(model.training.parameters, forTraining: true)
      try store.fill(seed: file.seed)
      trainingSource = try BatchSource(
        train, batchSize: file.data.train.batchSize,
        shuffles: file.data.train.shuffles(in: .train), seed: file.seed, isTraining: true,
        loaders: loaders)
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
        workers: workers, loaders: loaders)
    }
    self.evaluator = evaluator
    statistics =
      StatisticsMeasurement.isNeeded(by: model)
      ? try StatisticsMeasurement(
        model, train, store: store, cache: cache, workers: workers, loaders: loaders) : nil
    measurements = Measurements(solver, evaluator == nil ? [] : model.reportedScores)
    history = History(
      testNames: (evaluator?.scoreNames ?? []).map { "test_\($0)" },
      rows: schedule.rowCount(isTested: evaluator != nil),
      tests: evaluator == nil ? 0 : schedule.testCount,
      showsRegularization: solver.showsRegularization)
  }

  /// The default number of loader threads: one for two training threads, and at least one.
  package static func loaderCount(threads: Int) -> Int { max(1, threads / 2) }

  /// Trains until the length is reached, a metric stops improving, a number is not finite, or
  /// `observe` interrupts.
  ///
  /// If the solver averages the weights, a training that ended has the averages as its parameters,
  /// with matching statistics.
  ///
  /// - Parameters:
  ///   - isStopped: Called between the batches of a test. True ends the test, which the resumed
  ///     training repeats.
  ///   - observe: Called after every iteration. False interrupts the training.
  /// - Throws: The errors of `observe`.
  package func run<Failure: Error>(
    isStopped: () -> Bool = { false }, _ observe: (TrainingProgress) throws(Failure) -> Bool
  ) throws(Failure) -> Outcome {
    let outcome = try train(isStopped, observe)
    switch outcome {
    case .interrupted, .unreadable: return outcome
    case .diverged:
      _ = try? takeAverages { false }
      return outcome
    case .completed, .stoppedEarly: break
    }
    do throws(DataFailure) {
      return try finish(isStopped) ? outcome : .interrupted
    } catch {
      return .unreadable(error)
    }
  }

  /// Takes the averages of the weights, and makes sure that the last test is known.
  ///
  /// - Returns: False if `isStopped` ended a measurement or a test.
  private func finish(_ isStopped: () -> Bool) throws(DataFailure) -> Bool {
    guard try takeAverages(isStopped) else { return false }
    // If a training resumes after its last iteration, only the history contains the last test.
    guard lastTest == nil, !history.tests.isEmpty else { return true }
    lastTest = try evaluator?.scores(isStopped: isStopped)
    guard lastTest == nil else { return true }
    update.exchangeAverages()
    return false
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
        do throws(DataFailure) {
          (made, message) = try makeUpdate(iteration, rate)
        } catch {
          return .unreadable(error)
        }
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
        let board: Scoreboard?
        do throws(DataFailure) {
          board = try test(isStopped)
        } catch {
          return .unreadable(error)
        }
        guard let board else { return .interrupted }
        append(made, iteration, rate)
        history.appendTest(board.values)
        (isDisplayed, lastTest) = (true, board.values)
      } else if isDisplayed {
        append(made, iteration, rate)
      }
      unrecorded = nil
      if isTestDue, let reason = measurements.look(lastTest), iteration + 1 < iterationCount {
        stopReason = reason
        // The last iteration always has a row.
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
  /// - Returns: The values to record, and a message about the first number that is not finite. The
  ///   message is nil when all numbers are finite.
  private func makeUpdate(
    _ iteration: Int, _ rate: Double
  ) throws(DataFailure) -> (UnrecordedUpdate, String?) {
    let (loss, isFinite) = try accumulateGradients()
    // The regularization belongs to the same parameters as the loss, so it precedes the update.
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

  /// Runs the batches of an iteration, and returns their mean loss.
  ///
  /// `isFinite` refers to the recorded loss. A loss beyond single precision counts as infinite.
  private func accumulateGradients() throws(DataFailure) -> (loss: Double, isFinite: Bool) {
    let count = model.file.solver.iterationSize
    var loss = 0.0
    for step in 0..<count {
      loss += try computeGradients() / Double(count)
      guard Float(loss).isFinite else { return (loss, false) }
      if count > 1 { update.accumulate(step: step, on: workers) }
    }
    return (loss, true)
  }

  private func learningRate(_ iteration: Int) -> Double {
    schedule.rate(model.file.solver, iteration, measured: measurements.measuredRate)
  }

  /// Runs the next batch forward and backward, and returns its loss.
  private func computeGradients() throws(DataFailure) -> Double {
    let order = trainingSource.epochOrder
    let batch = batchNumber % order.batchCount
    if batch == 0 { trainingSource.begin(epoch: batchNumber / order.batchCount) }
    let begin = MonotonicClock.seconds
    try trainingSource.select(batch: batch, number: batchNumber)
    waitingSeconds += MonotonicClock.seconds - begin
    batchNumber += 1
    guard let plan = order.batch(batch).count == order.batchSize ? plans.full : plans.last else {
      preconditionFailure("a batch without a plan")
    }
    plan.plan.run(on: workers)
    return plan.loss
  }

  /// Exchanges the parameters for their averages, if the solver averages, and measures their
  /// statistics.
  ///
  /// - Returns: False if `isStopped` ended the measurement. The parameters are then back in place.
  private func takeAverages(_ isStopped: () -> Bool) throws(DataFailure) -> Bool {
    update.exchangeAverages()
    guard let statistics, update.holdsAverages, !(try statistics.run(isStopped: isStopped)) else {
      return true
    }
    update.exchangeAverages()
    return false
  }

  /// Runs a test, and stores the parameters if the test is the best so far.
  ///
  /// If the solver averages the weights, the test uses and stores the averages.
  ///
  /// - Returns: Nil if `isStopped` ended the test. Nothing is stored then.
  private func test(_ isStopped: () -> Bool) throws(DataFailure) -> Scoreboard? {
    guard try takeAverages(isStopped) else { return nil }
    defer { update.exchangeAverages() }
    guard let board = try evaluator?.scores(isStopped: isStopped) else { return nil }
    lastTest = board
    warnOfWrongLabels(board)
    if board.rank > bestRank {
      bestRank = board.rank
      bestIteration = update.count
      bestScores = Array(zip(board.names.map { "best_test_\($0)" }, board.values))
      // Copies one parameter at a time, so that two full copies never coexist.
      if best.isEmpty { best = store.parameters.map { _ in [] } }
      for index in best.indices {
        best[index] = []
        best[index] = store.rowMajor(index)
      }
    }
    return board
  }

  // MARK: Divergence

  /// Describes where the numbers of the last batch stop being finite.
  private func divergence(iteration: Int, loss: Double) -> String {
    let what = "iteration \(iteration): the loss is \(loss.singlePrecision)"
    let order = trainingSource.epochOrder
    let batch = (batchNumber - 1) % order.batchCount
    // Runs the batch again with separate memory for every tensor. The training plan has overwritten
    // most tensors.
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

  /// Describes the parameter that an update made infinite or NaN.
  ///
  /// That is the first parameter in backward order whose gradient is not finite. If all gradients
  /// are finite, it is the first parameter that the update itself broke.
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

  /// Describes a statistic or solver state that is not finite. Nil when all are finite.
  ///
  /// - Parameter looksAtSolver: Whether to read the solver's whole state too. The state is finite
  ///   as long as squares of gradients are finite.
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
