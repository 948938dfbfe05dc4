internal import Files
internal import Glibc
internal import Networks
internal import Training
internal import YAML

/// Finds the checkpoint from which a run resumes, and removes the files of a run that is replaced.
struct Resumption {
  /// A checkpoint that was read.
  struct Source {
    let path: String
    let state: Checkpoint
    /// The places whose data paths changed. ``Trainer/restore(_:history:name:)`` compares the
    /// examples.
    let changedPaths: [String]

    /// The notes for the user.
    var notes: [String] {
      ["resumes after iteration \(state.iteration), from \(path)"]
        + changedPaths.map { "\($0): the examples are the same" }
    }
  }

  /// The checkpoint to resume from: the named one, or the last that is not damaged. Nil when the
  /// run begins anew.
  private(set) var checkpoint: Source?
  /// The notes for the user.
  private(set) var notes: [String] = []
  /// The checkpoints that were skipped because they are damaged, with the reasons.
  private(set) var damages: [String] = []
  private let folder: PreparedFolder
  private let trainer: Trainer

  private var directory: RunDirectory { folder.directory }

  /// The first line of a run's model file if the run began with weights. The rest of the file does
  /// not show that.
  static let weightsMark = "# began with --weights\n"

  /// - Throws: ``RunFailure`` if the named checkpoint or every checkpoint is damaged, or if the
  ///   model was changed. Also if the run has ended without a checkpoint.
  init(in folder: PreparedFolder, for trainer: Trainer) throws(RunFailure) {
    (self.folder, self.trainer) = (folder, trainer)
    switch folder.claim.use {
    case .new:
      break
    case .replacement:
      try empty()
    case .resumption(let path?):
      directory.removeTemporaries()
      checkpoint = try source(try read(path), path: path)
    case .resumption(nil):
      directory.removeTemporaries()
      checkpoint = try lastCheckpoint()
      if checkpoint == nil { try beginAnew() }
    }
    if let checkpoint { notes += checkpoint.notes }
  }

  /// Returns the last checkpoint that is not damaged. Nil when the run has no checkpoint.
  private mutating func lastCheckpoint() throws(RunFailure) -> Source? {
    for path in CheckpointFolder(of: directory).candidates {
      let file: Safetensors
      do throws(RunFailure) {
        file = try read(path)
      } catch {
        damages.append(error.rendered)
        continue
      }
      return try source(file, path: path)
    }
    guard damages.isEmpty else {
      throw .refusedInput(
        "'\(directory.path.quotable)' has no checkpoint that can be read: "
          + damages.joined(separator: "; "))
    }
    return nil
  }

  /// Removes the remains of a run without a checkpoint.
  private mutating func beginAnew() throws(RunFailure) {
    guard !directory.hasEnded else {
      throw .refusedInput(
        "'\(directory.path.quotable)' has ended, and has no checkpoint to resume from: set "
          + "'snapshot' in the solver")
    }
    try checkBeginning()
    try empty()
    notes.append("'\(directory.path.quotable)' has no checkpoint: begins anew")
  }

  private func empty() throws(RunFailure) {
    if let weights = folder.claim.initialWeights?.path, directory.wouldRemove(weights) {
      throw .refusedInput(
        "'\(weights.quotable)' belongs to the run in '\(directory.path.quotable)', "
          + "which would be replaced: choose another folder")
    }
    try directory.empty()
  }

  /// Checks that a run without a checkpoint began with the same model, whose file it wrote first.
  private func checkBeginning() throws(RunFailure) {
    let model = folder.modelText
    let path = directory.file(RunDirectory.model)
    if InputFile.exists(path) {
      let before = String(decoding: try InputFile.read(path, upTo: Limits.textBytes), as: UTF8.self)
      let paths = try Resumption.compare(before, with: model, path: path)
      // Without a checkpoint there are no examples to compare.
      guard paths.isEmpty else { throw Resumption.changed(paths, since: path) }
      let isMarked = before.hasPrefix(Resumption.weightsMark)
      guard !isMarked || folder.claim.initialWeights != nil else {
        throw .refusedInput(
          "'\(directory.path.quotable)' began with --weights, and has no checkpoint: "
            + "give --weights again"
        )
      }
      // A run writes no other comments. A user's comment would be lost.
      let lines = before.trimmingPrefix(Resumption.weightsMark).split(separator: "\n")
      guard !lines.contains(where: { $0.contains("#") && !model.contains($0) }) else {
        throw .refusedInput("'\(path.quotable)' was not written by a run, and would be replaced")
      }
    } else if directory.isTaken {
      throw .refusedInput("'\(directory.path.quotable)' is not the folder of a run")
    }
  }

  /// Compares two resolved models.
  ///
  /// - Returns: The places whose data paths differ.
  /// - Throws: ``RunFailure/refusedInput(_:)`` with all other differences.
  private static func compare(
    _ before: String, with model: String, path: String
  ) throws(RunFailure) -> [String] {
    let documents: (Node, Node)
    do throws(Diagnostics) {
      documents = (
        try Node.parse(Array(before.utf8), name: path),
        try Node.parse(Array(model.utf8), name: path)
      )
    } catch {
      throw .refused(error)
    }
    let differences = ModelDifferences(from: documents.0, to: documents.1)
    guard differences.lines.isEmpty else { throw changed(differences.lines, since: path) }
    return differences.paths
  }

  private static func changed(_ differences: [String], since path: String) -> RunFailure {
    .refusedInput(
      "the model was changed since \(path.quotable): " + differences.joined(separator: "; "))
  }

  /// Reads a checkpoint, and verifies its checksum and its history.
  private func read(_ path: String) throws(RunFailure) -> Safetensors {
    let headerLimit = Safetensors.headerLimit(
      parameters: trainer.store.parameters.count, text: folder.modelText.utf8.count)
    let file = try Safetensors(
      path: path, upTo: trainer.checkpointBytes + headerLimit, headerLimit: headerLimit)
    guard file.isVerified else {
      throw .refusedInput("\(path.quotable) is not a checkpoint: its checksum is missing")
    }
    try checkHistory(of: file, path: path)
    return file
  }

  /// Checks that the history begins with the rows that a checkpoint counts.
  ///
  /// A run that went back to an earlier checkpoint cut its history. It may have been killed before
  /// it wrote another checkpoint. A user may also have changed a row.
  private func checkHistory(of file: Safetensors, path: String) throws(RunFailure) {
    let length = try Checkpoint.historyLength(of: file, name: path)
    do throws(RunFailure) {
      _ = try HistoryFile.content(of: directory.file(RunDirectory.history), upTo: length)
    } catch {
      guard case .refusedInput(let reason) = error else { throw error }
      throw .refusedInput("\(path.quotable): \(reason)")
    }
  }

  private func source(_ file: Safetensors, path: String) throws(RunFailure) -> Source {
    let paths = try Resumption.compare(
      try Checkpoint.model(of: file, name: path), with: folder.modelText, path: path)
    let state = try Checkpoint(file, for: trainer, name: path)
    return Source(path: path, state: state, changedPaths: paths)
  }
}
