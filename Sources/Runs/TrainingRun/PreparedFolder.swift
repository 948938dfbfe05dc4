internal import DataSources
internal import Files
internal import ModelFiles
internal import Networks
internal import Training

/// A claimed folder whose checks have passed, so that the run may change its files.
struct PreparedFolder {
  let claim: ClaimedFolder
  /// The resolved model file.
  let modelText: String

  var directory: RunDirectory { claim.directory }

  /// Resolves the model file for the folder. Checks that the run replaces none of its inputs, and
  /// that the disk has room for its checkpoints.
  ///
  /// - Parameters:
  ///   - path: The path of the model file to train.
  ///   - data: The data. The resolved model file stores the facts learned from them.
  /// - Throws: ``RunFailure``. No file was changed then.
  init(
    _ claim: ClaimedFolder, modelPath path: String, _ trainer: Trainer, _ data: TrainingData
  ) throws(RunFailure) {
    self.claim = claim
    let (file, directory) = (trainer.model.file, claim.directory)
    modelText = try directory.text(of: file, data: file.data.learned(from: data.train))
    if claim.isReplaced { try directory.checkKeeps(model: path, resolved: modelText) }
    var inputs = InputFiles()
    inputs.add(dataOf: file)
    try directory.checkKeeps(inputs)
    guard file.solver.writesCheckpoints else { return }
    try CheckpointFolder.checkSpace(
      for: trainer.checkpointBytes, in: directory,
      freed: directory.freedBytes(isEmptied: claim.isReplaced))
  }
}
