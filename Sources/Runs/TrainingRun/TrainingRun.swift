internal import DataFiles
package import DataSources
package import Files
internal import Glibc
internal import ModelFiles
internal import Networks
package import Training

/// Runs a training from the model file to the complete run directory.
///
/// The run consists of parts: ``RunFiles`` owns the folder, ``CheckpointWriter`` writes
/// checkpoints, ``SignalRequests`` receives signals, and ``WarningReporter`` reports warnings.
/// ``TrainingLoop`` trains, and lets the parts act.
package final class TrainingRun {
  package let model: PreparedModel
  package let trainer: Trainer
  /// The notes for the user on how the run resumes.
  package let notes: [String]
  /// The checkpoints that were skipped because they are damaged, with the reasons.
  package let damages: [String]
  /// The absolute path of the model file.
  let modelFile: String
  /// The description of the weights with which the run began. Nil when it began without a file.
  let beginning: String?
  private let threads: Int
  private let start: Double
  private let data: TrainingData
  private let files: RunFiles
  private let warningReporter: WarningReporter
  private let loop: TrainingLoop

  /// Checks everything, allocates all memory, and then makes the run's folder and its first files.
  ///
  /// Each step takes the results of the steps on which it depends. Therefore the compiler checks
  /// the order of the steps.
  ///
  /// - Throws: ``RunFailure``. All checks precede the first change of a file.
  package init(path: String, options: RunOptions) throws(RunFailure) {
    start = MonotonicClock.seconds
    threads = options.threadCount
    model = try PreparedModel(path: path, overrides: options.overrides, threads: threads)
    let memory = try MemoryBudget(
      of: model, limit: options.memoryLimit, loaders: options.loaders)
    data = try TrainingData(of: model, within: memory, readsCheckpoint: options.resume != nil)
    modelFile = FileSystem.realPath(path) ?? path
    trainer = try Trainer(
      model, train: data.train, test: data.test, threads: threads, loaders: options.loaders)
    let doctor = try Doctor(of: trainer)
    let weights = try InitialWeights(options, into: trainer, beside: data, within: memory)
    let claim = try ClaimedFolder(
      options, modelName: model.file.name, initialWeights: weights)
    let checkpoints: CheckpointWriter
    do throws(RunFailure) {
      let folder = try PreparedFolder(claim, modelPath: path, trainer, data)
      let state = try StartingState(in: folder, for: trainer, data)
      (notes, damages, beginning) = (state.notes, state.damages, state.beginning)
      warningReporter = WarningReporter(
        doctor, of: trainer, data, beginsWithWeights: beginning != nil,
        previousModel: state.previousModel)
      files = try RunFiles(
        in: folder.directory, modelText: folder.modelText, history: state.history,
        beginsWithWeights: beginning != nil)
      checkpoints = CheckpointWriter(
        of: trainer, data, within: memory, in: files, beginning: beginning)
      if beginning != nil, !state.isResumed { try checkpoints.writeInitial() }
    } catch {
      claim.directory.giveUp()
      throw error
    }
    loop = TrainingLoop(
      trainer, clock: options.clock, files: files, checkpoints: checkpoints,
      requests: SignalRequests(), warnings: warningReporter)
  }

  package var directory: RunDirectory { files.directory }
  /// The resolved model file.
  package var resolvedText: String { files.modelText }
  /// The training examples, standardized if the model asks for that.
  package var train: Dataset { data.train }
  package var standardization: Standardization? { data.standardization }
  /// The warnings so far about likely problems of the run.
  package var warnings: [Warning] { warningReporter.warnings }

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
    let summary = summary(of: try loop.run(report: report, warn: warn, note: note))
    try files.writeWeights(
      of: trainer, data.standardization, isFinite: summary.hasWeights)
    try files.write(record: summary.record(of: self, threads: threads))
    return summary
  }

  private func summary(of result: TrainingLoop.Result) -> RunSummary {
    let scores = result.trainingScores
    return RunSummary(
      outcome: result.outcome, metrics: scores.map(trainer.finalMetrics) ?? [],
      tables: tables(scores, test: scores.flatMap { _ in trainer.lastTest }),
      iterations: trainer.history.iterations.last ?? 0,
      earlierIterations: result.earlierIterations, seconds: result.seconds,
      firstStepSeconds: result.firstUpdateTime - start,
      waitingSeconds: trainer.waitingSeconds,
      hasWeights: trainer.store.firstNonFinite == nil, expectations: model.file.expectations,
      prediction: model.predictionName,
      best: model.ranking.flatMap { trainer.best.isEmpty ? nil : ($0, trainer.bestIteration) })
  }

  /// Returns the tables that the metrics of both parts report, with the class names of the data.
  private func tables(_ training: Scoreboard?, test: Scoreboard?) -> [RunSummary.Table] {
    let names =
      (train.signature.classes ?? model.signature.classes)?.names ?? train.signature.labelNames
    return RunSummary.Table.tables(of: training, part: "train", classNames: names)
      + RunSummary.Table.tables(of: test, part: "test", classNames: names)
  }
}
