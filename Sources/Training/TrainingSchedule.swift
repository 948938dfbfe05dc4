internal import DataSources
internal import Fields
internal import Files
internal import ModelFiles
internal import Solvers
internal import YAML

/// Determines when a training displays, tests, saves and ends.
///
/// An iteration is one update from `iter_size` batches. The last batch of an epoch may be short. An
/// iteration may begin in one epoch and end in the next. An interval of epochs ends with the
/// iteration that uses their last batch.
struct TrainingSchedule {
  /// The length of the training. A length in epochs has enough iterations to use all of their
  /// batches.
  let length: TrainingLength
  /// The length from which the learning-rate policy computes its end: the training's length or
  /// `lr_length`.
  private let policyLength: TrainingLength
  private let iterationSize: Int
  private let display: Int
  private let testInterval: Int
  private let snapshotInterval: Int?
  private let warmup: (rule: Warmup, length: Int)?

  /// - Throws: ``RunFailure/refused(_:)`` at the field, if the number of iterations overflows or is
  ///   smaller than the warm-up.
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

  /// The number of iterations of the whole training.
  var iterationCount: Int { length.iterations }

  /// The number of iterations of the warm-up. 0 when there is none.
  var warmupLength: Int { warmup?.length ?? 0 }

  /// Returns the warm-up factor of the learning rate. Iterations count from 0.
  func warmupFactor(_ iteration: Int) -> Double {
    warmup.map { $0.rule.factor(iteration: iteration, of: $0.length) } ?? 1
  }

  /// Returns the learning rate of an iteration, counted from 0.
  ///
  /// - Parameter measured: The rate of a policy that follows a metric. Nil for other policies.
  func rate(_ solver: SolverDeclaration, _ iteration: Int, measured: Double? = nil) -> Double {
    let rate =
      measured
      ?? solver.policy.value.rate(base: solver.baseRate, iteration: iteration, of: policyLength)
    return rate * warmupFactor(iteration)
  }

  /// Whether the history displays an iteration: every `display` iterations, and the last.
  /// Iterations count from 0.
  func isDisplayed(_ iteration: Int) -> Bool {
    (iteration + 1) % display == 0 || iteration + 1 == iterationCount
  }

  /// Whether a test interval or the training ends with this iteration. It does not matter whether
  /// there is a test part.
  func isTestDue(after iteration: Int) -> Bool {
    ends(testInterval, after: iteration) || iteration + 1 == iterationCount
  }

  /// Whether a checkpoint interval or the training ends with this iteration.
  func isSnapshotDue(after iteration: Int, isLast: Bool) -> Bool {
    guard let snapshotInterval else { return false }
    return ends(snapshotInterval, after: iteration) || isLast || iteration + 1 == iterationCount
  }

  /// Whether an interval of this many batches ends with an iteration.
  private func ends(_ interval: Int, after iteration: Int) -> Bool {
    let batches = (iteration + 1) * iterationSize
    return batches / interval != (batches - iterationSize) / interval
  }

  /// The greatest possible number of tests.
  var testCount: Int {
    min(iterationCount, iterationCount * iterationSize / testInterval + 1)
  }

  /// Returns the greatest possible number of rows in the history.
  ///
  /// - Parameter isTested: Whether there are tests. Every test has a row.
  func rowCount(isTested: Bool) -> Int {
    min(iterationCount, iterationCount / display + 1 + (isTested ? testCount : 0))
  }
}
