internal import DataSources
internal import Fields
internal import Files
internal import ModelFiles
internal import Solvers
internal import YAML

/// When a training displays, tests and ends.
///
/// An iteration is one update, of `iter_size` batches; the last batch of an epoch may be short, and
/// an iteration may begin in one epoch and end in the next. An interval of epochs has passed with
/// the iteration that uses the last batch of them.
struct TrainingSchedule {
  /// How long the training is: of whole epochs as many iterations as use all of their batches.
  let length: TrainingLength
  /// The length by which the learning-rate policy finds its end: the training's, or `lr_length`.
  private let policyLength: TrainingLength
  private let iterationSize: Int
  private let display: Int
  private let testInterval: Int
  private let snapshotInterval: Int?
  private let warmup: (rule: Warmup, length: Int)?

  /// - Throws: ``RunFailure/refused(_:)`` at the field, if the iterations are too many to count, or
  ///   fewer than those of the warm-up.
  init(_ file: ModelFile, exampleCount: Int) throws(RunFailure) {
    let (solver, batchSize) = (file.solver, file.data.train.batchSize)
    let perEpoch = exampleCount / batchSize + (exampleCount % batchSize == 0 ? 0 : 1)
    iterationSize = solver.iterationSize
    display = solver.display
    guard
      let length = TrainingLength(
        solver.length, batchesPerEpoch: perEpoch, iterationSize: solver.iterationSize)
    else {
      let field = solver.maxIterations == nil ? "max_epochs" : "max_iter"
      throw .refused(
        Diagnostics(
          Diagnostic(
            "\(field): expected at most \(Duration.limit) iterations, received "
              + "\(solver.length.description) of \(perEpoch) batches", at: solver.lengthMark)))
    }
    self.length = length
    policyLength = solver.policyLength.map { length.ending(after: $0) } ?? length
    testInterval = length.batches(in: solver.testInterval)
    snapshotInterval = solver.snapshot.duration.map(length.batches)
    warmup = solver.warmup.map { ($0, length.iterations(in: $0.length)) }
    if let warmup, warmup.length > length.iterations {
      throw .refused(Diagnostics(solver.warmupMistake(warmup.rule)))
    }
  }

  /// Iterations of the whole training.
  var iterationCount: Int { length.iterations }

  /// Iterations of the warm-up; 0 where there is none.
  var warmupLength: Int { warmup?.length ?? 0 }

  /// The factor of the learning rate that a warm-up gives. Iterations are counted from 0.
  func warmupFactor(_ iteration: Int) -> Double {
    warmup.map { $0.rule.factor(iteration: iteration, of: $0.length) } ?? 1
  }

  /// The learning rate of an iteration, counted from 0.
  ///
  /// - Parameter measured: the rate of a policy that follows a metric; nil for other policies.
  func rate(_ solver: SolverDeclaration, _ iteration: Int, measured: Double? = nil) -> Double {
    let rate =
      measured
      ?? solver.policy.value.rate(base: solver.baseRate, iteration: iteration, of: policyLength)
    return rate * warmupFactor(iteration)
  }

  /// Every `display` iterations, and the last. Iterations are counted from 0.
  func isDisplayed(_ iteration: Int) -> Bool {
    (iteration + 1) % display == 0 || iteration + 1 == iterationCount
  }

  /// Where an interval ends, and at the last iteration, whether there are tests or not.
  func isTestDue(after iteration: Int) -> Bool {
    ends(testInterval, after: iteration) || iteration + 1 == iterationCount
  }

  /// Where an interval of checkpoints ends, and at the last iteration.
  func isSnapshotDue(after iteration: Int, isLast: Bool) -> Bool {
    guard let snapshotInterval else { return false }
    return ends(snapshotInterval, after: iteration) || isLast || iteration + 1 == iterationCount
  }

  /// Whether an interval of so many batches ends with an iteration.
  private func ends(_ interval: Int, after iteration: Int) -> Bool {
    let batches = (iteration + 1) * iterationSize
    return batches / interval != (batches - iterationSize) / interval
  }

  /// How many tests there are at most.
  var testCount: Int {
    min(iterationCount, iterationCount * iterationSize / testInterval + 1)
  }

  /// How many rows the history has at most.
  ///
  /// - Parameter isTested: every test has a row.
  func rowCount(isTested: Bool) -> Int {
    min(iterationCount, iterationCount / display + 1 + (isTested ? testCount : 0))
  }
}
