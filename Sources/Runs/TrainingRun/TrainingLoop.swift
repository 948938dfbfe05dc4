internal import DataFiles
internal import DataSources
package import Files
internal import ModelFiles
internal import Networks
package import Training

/// Trains, and lets the parts of a run act before, between and after the updates.
///
/// Each part may be absent. If several processes train together, one process has all parts, and the
/// others have none.
package final class TrainingLoop {
  /// The results of a training that ended.
  package struct Result {
    package let outcome: Trainer.Outcome
    /// The scores of the train part. Nil when the training diverged.
    package let trainingScores: Scoreboard?
    /// The number of updates before the run resumed.
    package let earlierIterations: Int
    /// The seconds of the training alone.
    package let seconds: Double
    /// The monotonic time of the end of the first update.
    package let firstUpdateTime: Double
  }

  private let trainer: Trainer
  /// Writes the history. Nil in a process that does not own the run's folder.
  private let files: RunFiles?
  /// Writes the checkpoints. Nil in a process that leaves them to another.
  private let checkpoints: CheckpointWriter?
  /// Receives requests to stop and for checkpoints. Nil when nothing can interrupt the training.
  private let requests: (any TrainingRequests)?
  /// Reports likely problems. Nil when diagnostics are off.
  private let warnings: WarningReporter?
  private let clock: @Sendable () -> Double
  private var schedule: WriteSchedule
  /// The failure to write the history during a test, which ends the test.
  private var failure: RunFailure?

  /// - Parameter clock: Returns the seconds since an arbitrary time. Decides when the history grows
  ///   and when an automatic checkpoint is due.
  package init(
    _ trainer: Trainer, clock: @escaping @Sendable () -> Double = { MonotonicClock.seconds },
    files: RunFiles? = nil, checkpoints: CheckpointWriter? = nil,
    requests: (any TrainingRequests)? = nil, warnings: WarningReporter? = nil
  ) {
    (self.trainer, self.clock, schedule) = (trainer, clock, WriteSchedule(clock))
    (self.files, self.checkpoints, self.requests) = (files, checkpoints, requests)
    self.warnings = warnings
  }

  /// Trains to the end, and then computes the scores of the train part.
  ///
  /// - Parameters:
  ///   - report: Called after each iteration.
  ///   - warn: Called with each new warning.
  ///   - note: Called with other notes for the user.
  /// - Throws: ``RunFailure/environment(_:)`` if a file is not writable.
  ///   ``RunFailure/interrupted(signal:_:)`` after a request to stop, when the checkpoint was
  ///   written.
  package func run(
    report: (TrainingProgress) -> Void, warn: (Warning) -> Void = { _ in },
    note: (String) -> Void = { _ in }
  ) throws(RunFailure) -> Result {
    requests?.begin()
    warnings?.reportNew(to: warn)
    let begin = MonotonicClock.seconds
    let earlierIterations = trainer.update.count
    var firstUpdateTime: Double?
    try files?.write(trainer.history)
    schedule = WriteSchedule(clock)
    let outcome = try trainer.run(isStopped: isStopped) { (progress) throws(RunFailure) in
      if firstUpdateTime == nil { firstUpdateTime = MonotonicClock.seconds }
      warnings?.reportNew(to: warn)
      report(progress)
      return try act(after: progress, note)
    }
    if let failure { throw failure }
    let seconds = MonotonicClock.seconds - begin
    if case .unreadable(let failure) = outcome {
      try files?.write(trainer.history)
      throw RunFailure(failure, in: trainer.model.file.data)
    }
    guard outcome != .interrupted else { throw try interruption() }
    return Result(
      outcome: outcome, trainingScores: try end(outcome, warn),
      earlierIterations: earlierIterations, seconds: seconds,
      firstUpdateTime: firstUpdateTime ?? begin)
  }

  /// Returns whether the training stops before its end. The trainer calls this between the batches
  /// of a test, which may take long.
  private func isStopped() -> Bool {
    schedule.look()
    do throws(RunFailure) {
      try growHistory()
    } catch {
      failure = error
    }
    return failure != nil || requests?.stopSignal != nil
  }

  /// Writes the files that are due after an iteration.
  ///
  /// - Returns: Whether the training continues.
  private func act(
    after progress: TrainingProgress, _ note: (String) -> Void
  ) throws(RunFailure) -> Bool {
    schedule.look()
    let isSnapshotRequested = requests?.takeSnapshotRequest() ?? false
    let isStopping = requests?.stopSignal != nil
    if let checkpoints {
      let due = checkpoints.due(
        after: progress, isRequested: isSnapshotRequested, isStopping: isStopping,
        isTimeUp: schedule.isSnapshotDue)
      if try checkpoints.write(due, note: note) { schedule.noteSnapshot() }
    }
    try growHistory(isTested: progress.isTested)
    return !isStopping
  }

  /// Writes the history rows that have waited long enough, or all of them at a test.
  private func growHistory(isTested: Bool = false) throws(RunFailure) {
    guard let files, isTested || schedule.isHistoryDue else { return }
    try files.write(trainer.history)
    schedule.noteHistory()
  }

  /// Writes the whole history, and computes the scores of the train part.
  ///
  /// - Returns: Nil when the training diverged.
  private func end(
    _ outcome: Trainer.Outcome, _ warn: (Warning) -> Void
  ) throws(RunFailure) -> Scoreboard? {
    try files?.write(trainer.history)
    if case .diverged = outcome {
      warnings?.reportNew(to: warn)
      return nil
    }
    warnings?.inspectEnd()
    warnings?.reportNew(to: warn)
    let evaluator = try trainer.trainingEvaluator()
    let scores = try trainer.model.file.data.locating { () throws(DataFailure) in
      try evaluator.scores(isStopped: isStopped)
    }
    if let failure { throw failure }
    guard let scores else {
      // A checkpoint contains the averages beside the parameters.
      trainer.update.exchangeAverages()
      throw try interruption()
    }
    return scores
  }

  /// Saves the state that a request to stop interrupted.
  private func interruption() throws(RunFailure) -> RunFailure {
    try checkpoints?.writeInterruption()
    return .interrupted(
      signal: requests?.stopSignal ?? 0,
      "stopped after iteration \(trainer.update.count) of \(trainer.iterationCount); "
        + "continue with --resume")
  }
}
