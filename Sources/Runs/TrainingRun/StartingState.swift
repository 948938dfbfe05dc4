internal import Files
internal import ModelFiles
internal import Training

/// The state from which a run trains: new, from a weights file, or from a checkpoint.
struct StartingState {
  /// The history so far.
  let history: HistoryFile
  /// The description of the weights with which the run began. Nil when it began without a file.
  let beginning: String?
  /// Whether the run continues from a checkpoint.
  let isResumed: Bool
  /// The model file of the checkpoint. Nil for a new run.
  let previousModel: ModelFile?
  /// The notes for the user.
  let notes: [String]
  /// The checkpoints that were skipped because they are damaged, with the reasons.
  let damages: [String]

  /// Loads the state into the trainer. Removes the files of a run that is replaced, and history
  /// rows after the checkpoint.
  ///
  /// - Throws: ``RunFailure``.
  init(
    in folder: PreparedFolder, for trainer: Trainer, _ data: TrainingData
  ) throws(RunFailure) {
    let resumption = try Resumption(in: folder, for: trainer)
    var notes = folder.claim.notes + resumption.notes
    let path = folder.directory.file(RunDirectory.history)
    if let checkpoint = resumption.checkpoint {
      var rows = trainer.history
      history = try HistoryFile(path: path, upTo: checkpoint.state.history, into: &rows)
      try trainer.restore(checkpoint.state, history: rows, name: checkpoint.path)
      try history.cut()
      (beginning, previousModel) = (checkpoint.state.beginning, checkpoint.state.modelFile)
    } else {
      history = HistoryFile(path: path)
      (beginning, previousModel) = (folder.claim.initialWeights?.description, nil)
      if let beginning { notes.append("begins with \(beginning)") }
    }
    if data.test != nil, trainer.model.ranking == nil {
      notes.append(
        "cannot keep the best weights: the tests report only metrics without a known direction; state "
          + "metric: max or min in a layer, or best in the solver")
    }
    isResumed = resumption.checkpoint != nil
    (self.notes, damages) = (notes, resumption.damages)
  }
}
