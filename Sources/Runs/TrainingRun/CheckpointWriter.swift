package import Files
internal import ModelFiles
internal import Networks
package import Training

/// Decides which checkpoints a run writes, and writes them.
///
/// The history rows that a checkpoint counts reach the disk before the checkpoint.
package final class CheckpointWriter {
  /// The checkpoints that are due after an iteration.
  package struct Due: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The checkpoint of the best test so far.
    package static let best = Due(rawValue: 1)
    /// A numbered checkpoint by the interval of the model file.
    package static let scheduled = Due(rawValue: 2)
    /// A numbered checkpoint that the user requested.
    package static let requested = Due(rawValue: 4)
    /// A numbered checkpoint by the clock. Failing to write it does not end the training.
    package static let automatic = Due(rawValue: 8)
  }

  private let trainer: Trainer
  private let data: TrainingData
  private let memory: MemoryBudget
  private let files: RunFiles
  private let folder: CheckpointFolder
  /// The description of the weights with which the run began. Nil when it began without a file.
  private let beginning: String?
  private var hasAutomaticCheckpoint = false
  private var hasReportedObstacle = false

  package init(
    of trainer: Trainer, _ data: TrainingData, within memory: MemoryBudget, in files: RunFiles,
    beginning: String? = nil
  ) {
    (self.trainer, self.data, self.memory, self.files) = (trainer, data, memory, files)
    // A file from another program may have any number of names.
    self.beginning = beginning.map { String($0.prefix(100_000)) }
    folder = CheckpointFolder(of: files.directory)
  }

  /// Writes a checkpoint before the first update.
  ///
  /// A run that is killed before its next checkpoint would otherwise lose its initial weights.
  /// Writes nothing unless the model file states when to write checkpoints.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  package func writeInitial() throws(RunFailure) {
    let solver = trainer.model.file.solver
    guard solver.writesCheckpoints else { return }
    let isNumbered = solver.snapshot.duration != nil
    try write(isNumbered: isNumbered, isBest: !isNumbered)
  }

  /// Returns the checkpoints that are due after an iteration.
  ///
  /// - Parameters:
  ///   - isRequested: Whether the user requested a checkpoint.
  ///   - isStopping: Whether the training stops now. ``writeInterruption()`` then writes the
  ///     numbered checkpoint.
  ///   - isTimeUp: Whether enough time has passed for an automatic checkpoint.
  package func due(
    after progress: TrainingProgress, isRequested: Bool, isStopping: Bool, isTimeUp: Bool
  ) -> Due {
    let solver = trainer.model.file.solver
    var due: Due = progress.isBest && solver.snapshotOn == .best ? .best : []
    guard !isStopping else { return due }
    if isRequested { due.insert(.requested) }
    if progress.isSnapshotDue { due.insert(.scheduled) }
    let isLast = trainer.stopReason != nil || progress.iteration == progress.iterationCount
    if due.isDisjoint(with: [.requested, .scheduled]), solver.snapshot == .automatic,
      isTimeUp || isLast && hasAutomaticCheckpoint
    {
      due.insert(.automatic)
    }
    return due
  }

  /// Writes the checkpoints that are due.
  ///
  /// - Parameter note: Called when writing an automatic checkpoint fails for the first time.
  /// - Returns: Whether the time until the next automatic checkpoint starts anew.
  /// - Throws: ``RunFailure/diverged(_:)`` if the state of a requested checkpoint is not finite.
  ///   ``RunFailure/environment(_:)`` if a checkpoint that is not automatic cannot be written.
  package func write(_ due: Due, note: (String) -> Void) throws(RunFailure) -> Bool {
    // The trainer has already checked the state before a scheduled checkpoint.
    if due.contains(.requested) { try checkState() }
    let isNumbered = !due.isDisjoint(with: [.requested, .scheduled])
    try write(isNumbered: isNumbered, isBest: due.contains(.best))
    return isNumbered || due.contains(.automatic) && writeAutomatic(note)
  }

  /// Writes the state with which an interrupted training resumes.
  ///
  /// - Throws: ``RunFailure/diverged(_:)`` if the state is not finite.
  ///   ``RunFailure/environment(_:)``.
  package func writeInterruption() throws(RunFailure) {
    try checkState()
    try write(isNumbered: true, isBest: false)
  }

  /// Writes an automatic checkpoint. A failure is reported once and does not end the training.
  ///
  /// - Returns: False when the state is not finite. True when the checkpoint was written, or
  ///   writing it failed.
  private func writeAutomatic(_ note: (String) -> Void) -> Bool {
    // A state that is not finite ends the training only at a scheduled check. Therefore the clock
    // does not affect the result.
    guard trainer.brokenState(looksAtSolver: true) == nil else { return false }
    do throws(RunFailure) {
      try memory.checkCheckpoint(beside: data)
      try CheckpointFolder.checkSpace(
        for: trainer.checkpointBytes, count: 1, in: files.directory)
      try write(isNumbered: true, isBest: false)
      hasAutomaticCheckpoint = true
    } catch {
      guard !hasReportedObstacle else { return true }
      hasReportedObstacle = true
      let reason = error.rendered.trimmingPrefix("error: ")
      note("no automatic checkpoint after iteration \(trainer.update.count): \(reason)")
    }
    return true
  }

  /// Refuses to save a state that is not finite.
  private func checkState() throws(RunFailure) {
    guard let message = trainer.brokenState(looksAtSolver: true) else { return }
    throw .diverged(message)
  }

  /// Writes the history, and then the checkpoint under each requested name.
  private func write(isNumbered: Bool, isBest: Bool) throws(RunFailure) {
    guard isNumbered || isBest else { return }
    let length = try files.writeDurably(trainer.history)
    var checkpoint = trainer.checkpoint(model: files.modelText, history: length)
    checkpoint.beginning = beginning
    let content = checkpoint.file(of: trainer).writer
    if isBest { try folder.writeBest(content) }
    if isNumbered { try folder.write(content, iteration: checkpoint.iteration) }
  }
}
