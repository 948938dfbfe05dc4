internal import Files
internal import Glibc
internal import Networks
internal import Training
internal import YAML

/// Determines the folder of a run and the checkpoint from which it resumes.
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

  let directory: RunDirectory
  /// The notes for the user. ``checkpoint(of:model:)`` adds to them.
  private(set) var notes: [String] = []
  /// The checkpoints that were skipped because they are damaged, with the reasons.
  private(set) var damages: [String] = []
  private let isResumed: Bool
  /// Whether the old run in the folder is removed.
  let overwrites: Bool
  /// The checkpoint that the user named.
  private let named: String?
  /// The weights file with which a new run begins.
  private let weights: String?

  /// The first line of a run's model file if the run began with weights. The rest of the file does
  /// not show that.
  static let weightsMark = "# began with --weights\n"

  /// - Parameter name: The name of the model.
  /// - Throws: ``RunFailure`` if a folder is not usable.
  init(_ options: RunOptions, name: String) throws(RunFailure) {
    overwrites = options.overwrites && options.resume == nil
    weights = options.weights
    switch options.resume {
    case .path(let path):
      (isResumed, named) = (true, PathKind(of: path) == .file ? path : nil)
      directory = try RunDirectory(
        resuming: named == nil ? path : try Resumption.run(ofCheckpoint: path))
      return
    case .latest:
      let series = RunSeries(in: "runs/\(name)")
      if let output = options.output, InputFile.exists(output) {
        (isResumed, named) = (true, nil)
        directory = try RunDirectory(resuming: output)
        return
      }
      if options.output == nil, let latest = series.latest {
        (isResumed, named) = (true, nil)
        directory = try RunDirectory(resuming: latest, of: series)
        return
      }
      notes = ["no run to resume: starts a new one"]
    case nil:
      break
    }
    (isResumed, named) = (false, nil)
    directory =
      if let output = options.output {
        try RunDirectory(at: output, overwrites: options.overwrites)
      } else {
        try RunDirectory(nextOf: name)
      }
  }

  /// Returns the checkpoint to resume from: the named one, or the last that is not damaged.
  ///
  /// Nil when the run has no checkpoint.
  ///
  /// - Parameter model: The resolved model file.
  /// - Throws: ``RunFailure`` if the named checkpoint or every checkpoint is damaged, or if the
  ///   model was changed. Also if the run has ended without a checkpoint.
  mutating func checkpoint(
    of trainer: Trainer, model: String
  ) throws(RunFailure) -> Source? {
    guard isResumed else {
      if overwrites { try empty() }
      return nil
    }
    directory.removeTemporaries()
    if let named {
      let file = try read(named, trainer, model: model)
      try checkHistory(of: file, path: named)
      let source = try source(file, of: trainer, model: model, path: named)
      notes += source.notes
      return source
    }
    let folder = CheckpointFolder(of: directory)
    for path in folder.candidates {
      let file: Safetensors
      do throws(RunFailure) {
        file = try read(path, trainer, model: model)
        try checkHistory(of: file, path: path)
      } catch {
        damages.append(error.rendered)
        continue
      }
      let source = try source(file, of: trainer, model: model, path: path)
      notes += source.notes
      return source
    }
    if !damages.isEmpty {
      throw .refusedInput(
        "'\(directory.path.quotable)' has no checkpoint that can be read: "
          + damages.joined(separator: "; "))
    }
    guard !directory.hasEnded else {
      throw .refusedInput(
        "'\(directory.path.quotable)' has ended, and has no checkpoint to resume from: set "
          + "'snapshot' in the solver")
    }
    try checkBeginning(of: model)
    // Remove the remains of the run that was being overwritten.
    try empty()
    notes.append("'\(directory.path.quotable)' has no checkpoint: begins anew")
    return nil
  }

  private func empty() throws(RunFailure) {
    if let weights, directory.wouldRemove(weights) {
      throw .refusedInput(
        "'\(weights.quotable)' belongs to the run in '\(directory.path.quotable)', "
          + "which would be replaced: choose another folder")
    }
    try directory.empty()
  }

  /// Checks that a run without a checkpoint began with the same model, whose file it wrote first.
  private func checkBeginning(of model: String) throws(RunFailure) {
    let path = directory.file(RunDirectory.model)
    if InputFile.exists(path) {
      let before = String(decoding: try InputFile.read(path, upTo: Limits.textBytes), as: UTF8.self)
      let paths = try Resumption.compare(before, with: model, path: path)
      // Without a checkpoint there are no examples to compare.
      guard paths.isEmpty else { throw Resumption.changed(paths, since: path) }
      let isMarked = before.hasPrefix(Resumption.weightsMark)
      guard !isMarked || weights != nil else {
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

  /// Reads a checkpoint and verifies its checksum.
  private func read(
    _ path: String, _ trainer: Trainer, model: String
  ) throws(RunFailure) -> Safetensors {
    let headerLimit = Safetensors.headerLimit(
      parameters: trainer.store.parameters.count, text: model.utf8.count)
    let file = try Safetensors(
      path: path, upTo: trainer.checkpointBytes + headerLimit, headerLimit: headerLimit)
    guard file.isVerified else {
      throw .refusedInput("\(path.quotable) is not a checkpoint: its checksum is missing")
    }
    return file
  }

  /// Checks that the history begins with the rows that a checkpoint counts.
  ///
  /// A run that went back to an earlier checkpoint cut its history. It may have been killed before
  /// it wrote another checkpoint. A user may also have changed a row.
  private func checkHistory(of file: Safetensors, path: String) throws(RunFailure) {
    let length = try Checkpoint.historyLength(of: file, name: path)
    do throws(RunFailure) {
      _ = try HistoryFile.content(of: directory.file("history.csv"), upTo: length)
    } catch {
      guard case .refusedInput(let reason) = error else { throw error }
      throw .refusedInput("\(path.quotable): \(reason)")
    }
  }

  private func source(
    _ file: Safetensors, of trainer: Trainer, model: String, path: String
  ) throws(RunFailure) -> Source {
    let paths = try Resumption.compare(
      try Checkpoint.model(of: file, name: path), with: model, path: path)
    let state = try Checkpoint(file, for: trainer, name: path)
    return Source(path: path, state: state, changedPaths: paths)
  }

  /// Returns the folder of the run from the path of a checkpoint in its folder `checkpoints`.
  private static func run(ofCheckpoint path: String) throws(RunFailure) -> String {
    let end = path.lastIndex(of: "/")
    let folder = try RunDirectory.absolute(end.map { String(path[...$0]) } ?? ".")
    let parts = folder.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.last == RunDirectory.checkpoints[...] else {
      throw .refusedInput(
        "'\(path.quotable)' is not in a folder '\(RunDirectory.checkpoints)' of a run")
    }
    return parts.dropLast().joined(separator: "/")
  }
}
