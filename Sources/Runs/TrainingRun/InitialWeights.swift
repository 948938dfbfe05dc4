internal import Files
internal import Networks
internal import Training

/// The weights of a file with which a new run begins.
struct InitialWeights {
  /// The path of the file.
  let path: String
  /// The description for the notes, the record and the checkpoints.
  let description: String

  /// Reads the weights that the options name, and sets the parameters of the trainer.
  ///
  /// Returns nil if the options name no weights.
  ///
  /// - Throws: ``RunFailure`` if the file is unreadable, too large, or does not fit the model.
  init?(
    _ options: RunOptions, into trainer: Trainer, beside data: TrainingData,
    within memory: MemoryBudget
  ) throws(RunFailure) {
    guard let path = options.weights else { return nil }
    self.path = path
    let file = try WeightsFile.read(
      path, for: trainer.store, upTo: try memory.bytesOfWeightsFile(beside: data))
    description = try WeightsFile.begin(
      trainer.store, with: file, allowsMissing: options.allowsMissing, name: path)
  }
}
