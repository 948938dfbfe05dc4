package import DataSources
package import Files
internal import Glibc
internal import ModelFiles
internal import Networks
package import Training

/// Runs a training from the model file to the complete run directory.
package final class TrainingRun {
  package let model: PreparedModel
  package let trainer: Trainer
  package let directory: RunDirectory
  package let standardization: Standardization?
  /// The training examples, standardized if the model asks for that.
  package let train: Dataset
  private let test: Dataset?
  /// The absolute path of the model file.
  let modelFile: String
  /// The resolved model file.
  package private(set) var resolvedText = ""
  /// The warnings so far about likely problems of the run.
  package var warnings: [Warning] { doctor.warnings }
  /// The notes for the user on how the run resumes.
  package private(set) var notes: [String] = []
  /// The checkpoints that were skipped because they are damaged, with the reasons.
  package private(set) var damages: [String] = []
  /// The description of the initial weights from a file. Nil when the run began without one, or
  /// resumed.
  private(set) var beginning: String?
  private let threads: Int
  private let doctor: Doctor
  private var toldWarnings = 0
  private let start: Double
  private var firstStep: Double?
  private var historyFile: HistoryFile
  private var schedule: WriteSchedule
  private let clock: @Sendable () -> Double
  /// The memory limit, in bytes.
  private let memoryLimit: Int
  private var hasAutomaticCheckpoint = false
  private var hasToldOfCheckpoints = false

  /// Checks everything, allocates all memory, and then makes the run's folder.
  ///
  /// - Throws: ``RunFailure``. No file was written then.
  package init(path: String, options: RunOptions) throws(RunFailure) {
    start = MonotonicClock.seconds
    threads = options.threadCount
    model = try PreparedModel(path: path, overrides: options.overrides)
    let limit = options.memoryLimit ?? Machine.availableMemory
    try model.checkMemory(limit: limit)
    let file = model.file
    (train, test, standardization) = try model.readParts(
      limit: limit, readsCheckpoint: options.resume != nil)
    modelFile = FileSystem.realPath(path) ?? path
    trainer = try Trainer(model, train: train, test: test, threads: threads)
    doctor = try Doctor(of: trainer)
    // Read the weights before a folder is made, so that a refused file leaves no folder.
    if let path = options.weights {
      let estimate = model.memoryEstimate(
        model.examples(train: train, test: test), readsWeights: true)
      try estimate.check(limit)
      // The memory reserved for copies while reading is still free.
      let left = Double(limit) - estimate.total + estimate.readCopies
      let file = try WeightsFile.read(path, for: trainer.store, upTo: Int(left))
      beginning = try WeightsFile.begin(
        trainer.store, with: file, allowsMissing: options.allowsMissing, name: path)
    }
    var resumption = try Resumption(options, name: file.name)
    directory = resumption.directory
    historyFile = HistoryFile(path: directory.file("history.csv"))
    clock = options.clock
    schedule = WriteSchedule(clock)
    memoryLimit = limit
    do throws(RunFailure) {
      resolvedText = try directory.text(of: file, data: file.data.learned(from: train))
      try begin(&resumption, path: path)
    } catch {
      directory.giveUp()
      throw error
    }
  }

  /// Loads the state in the run's folder, and writes the model file.
  ///
  /// - Parameter path: The path of the model file to train.
  private func begin(_ resumption: inout Resumption, path: String) throws(RunFailure) {
    let solver = model.file.solver
    if resumption.overwrites { try directory.checkKeeps(model: path, resolved: resolvedText) }
    var inputs = InputFiles()
    inputs.add(dataOf: model.file)
    try directory.checkKeeps(inputs)
    if solver.writesCheckpoints {
      try CheckpointFolder.checkSpace(
        for: trainer.checkpointBytes, in: directory,
        freed: directory.freedBytes(isEmptied: resumption.overwrites))
    }
    let checkpoint = try resumption.checkpoint(of: trainer, model: resolvedText)
    (damages, notes) = (resumption.damages, resumption.notes)
    if let checkpoint {
      var history = trainer.history
      historyFile = try HistoryFile(
        path: historyFile.path, upTo: checkpoint.state.history, into: &history)
      try trainer.restore(checkpoint.state, history: history, name: checkpoint.path)
      try historyFile.cut()
      beginning = checkpoint.state.beginning
    } else if let beginning {
      notes.append("begins with \(beginning)")
    }
    if test != nil, model.ranking == nil {
      notes.append(
        "cannot keep the best weights: the tests report only metrics that do not say which of their "
          + "values are better; state metric: max or min in a layer, or best in the solver")
    }
    doctor.begin(trainer, train: train, test: test, hasWeights: beginning != nil)
    if let checkpoint, let before = checkpoint.state.modelFile {
      doctor.compare(trainer, with: before)
    }
    try directory.begin()
    let mark = beginning == nil ? "" : Resumption.weightsMark
    try OutputFile.write(mark + resolvedText, to: directory.file(RunDirectory.model))
    // A run killed before its first checkpoint would lose the initial weights.
    if beginning != nil, checkpoint == nil, solver.writesCheckpoints {
      let isCounted = solver.snapshot.duration != nil
      try save(isCounted: isCounted, isBest: !isCounted)
    }
  }

  /// Trains, measures, and writes every file except the report. History and checkpoints grow during
  /// the training.
  ///
  /// - Parameters:
  ///   - report: Called after each iteration.
  ///   - warn: Called with each new warning.
  ///   - note: Called with other notes for the user.
  /// - Throws: ``RunFailure/environment(_:)`` if a file is not writable.
  ///   ``RunFailure/interrupted(signal:_:)`` after a signal requested a stop and the checkpoint was
  ///   written.
  package func run(
    report: (TrainingProgress) -> Void, warn: (Warning) -> Void = { _ in },
    note: (String) -> Void = { _ in }
  ) throws(RunFailure) -> RunSummary {
    StopSignal.begin()
    tell(warn)
    let begin = MonotonicClock.seconds
    let earlierIterations = trainer.update.count
    try historyFile.write(trainer.history)
    schedule = WriteSchedule(clock)
    var failure: RunFailure?
    func isStopped() -> Bool {
      // This runs between the batches of a test, which may take long.
      schedule.look()
      do throws(RunFailure) {
        try growHistory()
      } catch {
        failure = error
      }
      return failure != nil || StopSignal.requested != nil
    }
    let outcome = try trainer.run(isStopped: isStopped) { (progress) throws(RunFailure) in
      if firstStep == nil { firstStep = MonotonicClock.seconds }
      tell(warn)
      report(progress)
      return try write(after: progress, note)
    }
    if let failure { throw failure }
    let seconds = MonotonicClock.seconds - begin
    let isTrained =
      switch outcome {
      case .completed, .stoppedEarly: true
      case .diverged: false
      case .interrupted: throw try interruption()
      }
    try historyFile.write(trainer.history)
    if isTrained { doctor.end(trainer) }
    tell(warn)
    let training = isTrained ? try trainer.trainingEvaluator().scores(isStopped: isStopped) : nil
    if let failure { throw failure }
    if isTrained, training == nil {
      // A checkpoint contains the averages beside the parameters.
      trainer.update.exchangeAverages()
      throw try interruption()
    }
    let summary = summary(
      outcome, training, earlierIterations: earlierIterations, seconds: seconds,
      firstStepSeconds: (firstStep ?? begin) - start)
    if summary.hasWeights {
      try writeWeights(RunDirectory.lastWeights) { [trainer] in
        trainer.store.rowMajor($0, in: $1)
      }
    }
    if !trainer.best.isEmpty {
      try writeWeights(RunDirectory.bestWeights) { [trainer] in Array(trainer.best[$0][$1]) }
    }
    try OutputFile.write(
      summary.record(of: self, threads: threads).json, to: directory.file(RunDirectory.record))
    return summary
  }

  /// Returns the tables that the metrics of both parts report, with the class names of the data.
  private func tables(_ training: Scoreboard?, test: Scoreboard?) -> [RunSummary.Table] {
    let names = train.classes ?? model.signature.classes?.names ?? []
    return RunSummary.Table.tables(of: training, part: "train", classNames: names)
      + RunSummary.Table.tables(of: test, part: "test", classNames: names)
  }

  /// - Parameter training: The scores of the train part. Nil when the training diverged.
  private func summary(
    _ outcome: Trainer.Outcome, _ training: Scoreboard?, earlierIterations: Int, seconds: Double,
    firstStepSeconds: Double
  ) -> RunSummary {
    RunSummary(
      outcome: outcome, metrics: training.map(trainer.finalMetrics) ?? [],
      tables: tables(training, test: training.flatMap { _ in trainer.lastTest }),
      iterations: trainer.history.iterations.last ?? 0, earlierIterations: earlierIterations,
      seconds: seconds, firstStepSeconds: firstStepSeconds,
      hasWeights: trainer.store.firstNonFinite == nil, expectations: model.file.expectations,
      prediction: model.predictionName,
      best: model.ranking.flatMap { trainer.best.isEmpty ? nil : ($0, trainer.bestIteration) })
  }

  /// Writes the files that are due after an iteration.
  ///
  /// - Returns: Whether the training continues.
  private func write(
    after progress: TrainingProgress, _ note: (String) -> Void
  ) throws(RunFailure) -> Bool {
    schedule.look()
    let isAsked = StopSignal.takeSnapshotRequest()
    // The trainer has already checked the state before a scheduled checkpoint.
    if isAsked { try checkState() }
    let savesBest = progress.isBest && model.file.solver.snapshotOn == .best
    let stops = StopSignal.requested != nil
    let isCounted = (progress.isSnapshotDue || isAsked) && !stops
    try save(isCounted: isCounted, isBest: savesBest)
    let isLast = trainer.stopReason != nil || progress.iteration == progress.iterationCount
    if !isCounted, !stops, schedule.isSnapshotDue || isLast && hasAutomaticCheckpoint {
      saveAutomatically(note)
    }
    try growHistory(isTested: progress.isTested)
    return !stops
  }

  /// Writes the history rows that have waited long enough, or all of them at a test.
  private func growHistory(isTested: Bool = false) throws(RunFailure) {
    guard isTested || schedule.isHistoryDue else { return }
    try historyFile.write(trainer.history)
    schedule.noteHistory()
  }

  /// Checks that a checkpoint's memory fits beside the estimate.
  private func checkMemoryForCheckpoints() throws(RunFailure) {
    let examples = model.examples(train: train, test: test)
    let needed = model.memoryEstimate(examples, readsCheckpoint: true).total
    guard needed > Double(memoryLimit) else { return }
    let unit = MemoryUnit.of(needed)
    throw .environment(
      "with it the model needs \(unit.text(needed)) \(unit.name), limit "
        + "\(unit.text(Double(memoryLimit))) \(unit.name)")
  }

  /// Writes an automatic checkpoint. An obstacle is reported once and does not end the training.
  private func saveAutomatically(_ note: (String) -> Void) {
    // A state that is not finite ends the training only at a scheduled check, so that the clock
    // decides nothing.
    guard model.file.solver.snapshot == .automatic,
      trainer.brokenState(looksAtSolver: true) == nil
    else { return }
    schedule.noteSnapshot()
    do throws(RunFailure) {
      try checkMemoryForCheckpoints()
      try CheckpointFolder.checkSpace(for: trainer.checkpointBytes, count: 1, in: directory)
      try save(isCounted: true, isBest: false)
      hasAutomaticCheckpoint = true
    } catch {
      guard !hasToldOfCheckpoints else { return }
      hasToldOfCheckpoints = true
      let reason = error.rendered.trimmingPrefix("error: ")
      note("no automatic checkpoint after iteration \(trainer.update.count): \(reason)")
    }
  }

  /// Saves the state that a signal interrupted.
  private func interruption() throws(RunFailure) -> RunFailure {
    try checkState()
    try save(isCounted: true, isBest: false)
    return .interrupted(
      signal: StopSignal.requested ?? 0,
      "stopped after iteration \(trainer.update.count) of \(trainer.iterationCount); "
        + "continue with --resume")
  }

  /// Refuses to save a state that is not finite.
  private func checkState() throws(RunFailure) {
    guard let message = trainer.brokenState(looksAtSolver: true) else { return }
    throw .diverged(message)
  }

  /// Reports the new warnings.
  private func tell(_ warn: (Warning) -> Void) {
    guard toldWarnings < doctor.warnings.count else { return }
    for warning in doctor.warnings[toldWarnings...] { warn(warning) }
    toldWarnings = doctor.warnings.count
  }

  /// Writes the due checkpoints, after the history that they count.
  private func save(isCounted: Bool, isBest: Bool) throws(RunFailure) {
    guard isCounted || isBest else { return }
    try historyFile.write(trainer.history, isDurable: true)
    var checkpoint = trainer.checkpoint(model: resolvedText, history: historyFile.length)
    // A file from another program may have any number of names.
    checkpoint.beginning = beginning.map { String($0.prefix(100_000)) }
    let content = checkpoint.file(of: trainer).writer
    let folder = CheckpointFolder(of: directory)
    if isBest { try folder.writeBest(content) }
    if isCounted {
      try folder.write(content, iteration: checkpoint.iteration)
      schedule.noteSnapshot()
    }
  }

  /// - Parameter values: Returns a range of the row-major elements of a parameter, by the
  ///   parameter's index.
  private func writeWeights(
    _ name: String, _ values: @escaping (Int, Range<Int>) -> [Float]
  ) throws(RunFailure) {
    let content = SafetensorsWriter(
      WeightsFile.tensors(trainer.store, values: values, standardization))
    try OutputFile.write(to: directory.file(name), content.write)
  }
}
