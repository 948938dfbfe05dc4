internal import DataFiles
internal import DataSources
package import Files
internal import ModelFiles
internal import Networks
package import Runs
package import Training
package import YAML

/// A training in memory for a record. It writes no files.
package struct RecordedTraining {
  private let trainer: Trainer
  private let standardization: Standardization?
  private let data: Digest

  /// Reads and checks everything, and allocates all memory.
  ///
  /// - Throws: ``RunFailure``.
  package init(_ model: PreparedModel, options: RunOptions) throws(RunFailure) {
    var model = model
    // The history needs a row for each iteration, independently of the file's `display`.
    model.file.solver.display = 1
    let limit = options.memoryLimit ?? Machine.availableMemory
    try model.checkMemory(limit: limit, loaders: options.loaders)
    let parts = try model.readParts(limit: limit, loaders: options.loaders)
    standardization = parts.standardization
    trainer = try Trainer(
      model, train: parts.train, test: parts.test, threads: options.threadCount,
      loaders: options.loaders)
    data = trainer.dataDigest
  }

  /// Trains to the end.
  ///
  /// - Returns: the results of the training, and every expectation that it missed.
  /// - Throws: ``RunFailure/diverged(_:)``, or ``RunFailure/environment(_:)`` when memory is
  ///   missing.
  package func run(tolerance: Double) throws(RunFailure) -> (record: Record, unmet: Diagnostics) {
    let end: String
    switch trainer.run({ _ in true }) {
    case .completed, .interrupted: end = "completed"
    case .stoppedEarly(let reason): end = "stopped early, \(reason)"
    case .diverged(let message): throw .diverged(message)
    case .unreadable(let failure): throw RunFailure(failure, in: trainer.model.file.data)
    }
    let evaluator = try trainer.trainingEvaluator()
    let board = try trainer.model.file.data.locating { () throws(DataFailure) in
      try evaluator.scores()
    }
    let scores = trainer.finalMetrics(board)
    let store = trainer.store
    let weights = Digest(
      of: WeightsFile.tensors(
        store, values: { store.rowMajor($0, in: $1) },
        DataStatistics(
          inputs: standardization, targets: trainer.trainingSource.dataset.targetStatistics)))
    let file = trainer.model.file
    let record = Record(
      file, history: trainer.history, weights: weights, data: data, scores: scores, end: end,
      tolerance: tolerance)
    return (record, RunSummary.unmet(file.expectations, by: scores))
  }
}
