internal import Files
internal import YAML

/// The folder that a run has locked, and the way in which the run uses it.
struct ClaimedFolder {
  /// The way in which a run uses its folder.
  enum Use {
    /// Begins a run in a folder without one.
    case new
    /// Replaces the run in the folder, if there is one.
    case replacement
    /// Resumes the run in the folder: from the named checkpoint, or from the last that is not
    /// damaged.
    case resumption(checkpoint: String?)
  }

  let directory: RunDirectory
  let use: Use
  /// The weights with which a new run begins.
  let initialWeights: InitialWeights?
  /// The notes for the user.
  let notes: [String]

  /// Finds and locks the folder that the options name, or makes a new one.
  ///
  /// - Parameters:
  ///   - name: The name of the model.
  ///   - initialWeights: The weights, which are read first, so that a refused file leaves no
  ///     folder.
  /// - Throws: ``RunFailure`` if a folder is not usable.
  init(
    _ options: RunOptions, modelName name: String, initialWeights: InitialWeights?
  ) throws(RunFailure) {
    self.initialWeights = initialWeights
    switch options.resume {
    case .path(let path):
      let checkpoint = FileKind(of: path) == .file ? path : nil
      directory = try RunDirectory(
        resuming: checkpoint == nil ? path : try ClaimedFolder.run(ofCheckpoint: path))
      (use, notes) = (.resumption(checkpoint: checkpoint), [])
    case .latest:
      if let latest = try ClaimedFolder.latestRun(options, name) {
        (directory, use, notes) = (latest, .resumption(checkpoint: nil), [])
      } else {
        directory = try ClaimedFolder.newRun(options, name)
        (use, notes) = (.new, ["no run to resume: starts a new one"])
      }
    case nil:
      directory = try ClaimedFolder.newRun(options, name)
      (use, notes) = (options.overwrites ? .replacement : .new, [])
    }
  }

  /// Whether the run replaces the run in the folder.
  var isReplaced: Bool {
    if case .replacement = use { true } else { false }
  }

  /// Opens the run in the folder that the options name, or the latest run of the model. Nil when
  /// there is none.
  private static func latestRun(
    _ options: RunOptions, _ name: String
  ) throws(RunFailure) -> RunDirectory? {
    if let output = options.output {
      return InputFile.exists(output) ? try RunDirectory(resuming: output) : nil
    }
    let series = RunSeries(in: "runs/\(name)")
    guard let latest = series.latest else { return nil }
    return try RunDirectory(resuming: latest, of: series)
  }

  private static func newRun(
    _ options: RunOptions, _ name: String
  ) throws(RunFailure) -> RunDirectory {
    guard let output = options.output else { return try RunDirectory(nextOf: name) }
    return try RunDirectory(at: output, overwrites: options.overwrites)
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
