internal import DataSources
package import Files
internal import Networks
package import Training
internal import YAML

/// Owns the folder of a run during the training, and writes the files of the run.
///
/// The files are the resolved model, the history, the weights and the record.
/// ``CheckpointWriter`` writes the checkpoints.
package final class RunFiles {
  package let directory: RunDirectory
  /// The resolved model file.
  package let modelText: String
  private var history: HistoryFile

  /// Links `latest` to the run, and writes its model file.
  ///
  /// - Parameters:
  ///   - history: The history so far.
  ///   - beginsWithWeights: Whether the run began with a weights file, which its model file shows.
  /// - Throws: ``RunFailure/environment(_:)``.
  package init(
    in directory: RunDirectory, modelText: String, history: HistoryFile, beginsWithWeights: Bool
  ) throws(RunFailure) {
    (self.directory, self.modelText, self.history) = (directory, modelText, history)
    try directory.begin()
    let mark = beginsWithWeights ? Resumption.weightsMark : ""
    try OutputFile.write(mark + modelText, to: directory.file(RunDirectory.model))
  }

  /// Writes the new rows of the history.
  ///
  /// - Throws: ``RunFailure/environment(_:)``. The earlier rows remain.
  package func write(_ history: History) throws(RunFailure) { try self.history.write(history) }

  /// Writes the new rows of the history, and waits for the disk.
  ///
  /// - Returns: The length of the history, for a checkpoint that counts these rows.
  /// - Throws: ``RunFailure/environment(_:)``. The earlier rows remain.
  package func writeDurably(_ history: History) throws(RunFailure) -> Checkpoint.HistoryLength {
    try self.history.write(history, isDurable: true)
    return self.history.length
  }

  /// Writes the weights at the end of the training, and those of the best test, if there is one.
  ///
  /// - Parameters:
  ///   - standardization: The statistics that standardized the inputs.
  ///   - isFinite: Whether the last weights are finite. Otherwise they are not written.
  /// - Throws: ``RunFailure/environment(_:)``.
  func writeWeights(
    of trainer: Trainer, _ standardization: Standardization?, isFinite: Bool
  ) throws(RunFailure) {
    let statistics = DataStatistics(
      inputs: standardization, targets: trainer.trainingSource.dataset.targetStatistics)
    func write(
      _ name: String, _ values: @escaping (Int, Range<Int>) -> [Float]
    ) throws(RunFailure) {
      let content = SafetensorsWriter(
        WeightsFile.tensors(trainer.store, values: values, statistics))
      try OutputFile.write(to: directory.file(name), content.write)
    }
    if isFinite {
      try write(RunDirectory.lastWeights) { trainer.store.rowMajor($0, in: $1) }
    }
    if !trainer.best.isEmpty {
      try write(RunDirectory.bestWeights) { Array(trainer.best[$0][$1]) }
    }
  }

  /// Writes the record, which shows that the run has ended.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  func write(record: Node) throws(RunFailure) {
    try OutputFile.write(record.json, to: directory.file(RunDirectory.record))
  }
}
