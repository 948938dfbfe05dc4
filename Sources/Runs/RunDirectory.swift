internal import Expressions
package import Files
internal import Glibc
internal import YAML

/// The folder of one run.
///
/// The default is `runs/<name>/<NNN>/` below the current folder, with the next number, and
/// `runs/<name>/latest` as a link to it. A folder that contains a run is used again only if the
/// user asks for that.
package struct RunDirectory: Sendable {
  package let path: String
  /// The lock of the folder. Nil for a folder that is only read.
  private let lock: FolderLock?
  /// The series of numbered runs to which this run belongs. Nil for a folder that the user named.
  private let series: RunSeries?
  /// The folders that were made for the run, the outermost first.
  private let madeFolders: [String]

  /// The name of the resolved model file, which a run writes first.
  static let model = "model.yaml"
  /// The name of the weights file at the end of the training.
  static let lastWeights = "weights.safetensors"
  /// The name of the weights file of the best test.
  static let bestWeights = "best.safetensors"
  /// The name of the record, which may differ between two runs of the same file.
  static let record = "run.json"
  /// The name of the history, which grows during the training.
  static let history = "history.csv"
  /// The files that exist only after the run has ended.
  private static let ends = [lastWeights, record]
  /// The remaining files. The history is last, because checkpoints refer to its rows.
  private static let others = [
    bestWeights, "report.html", "history.svg", "boundary.svg", history,
  ]
  /// All files of a run.
  private static let files = [model] + ends + others
  /// The name of the folder of checkpoints.
  static let checkpoints = "checkpoints"

  /// Makes the folder with the next number, so that two runs never share a number. ``begin()``
  /// makes the link to the folder.
  ///
  /// - Throws: ``RunFailure`` if a folder cannot be made, or if `latest` is not a link. No numbered
  ///   folder is made then.
  package init(nextOf name: String, in parent: String = "runs") throws(RunFailure) {
    let folder = "\(parent)/\(name)"
    var made: [String] = []
    for folder in [parent, folder] where try RunDirectory.makeFolder(folder) { made.append(folder) }
    let series = RunSeries(in: folder)
    path = try series.makeNext()
    madeFolders = made + [path]
    self.series = series
    lock = try FolderLock(path)
  }

  /// Uses the folder at `path`. The files of a run that may be overwritten stay there until
  /// ``empty()``.
  ///
  /// - Throws: ``RunFailure`` if `path` is not a folder, contains files that do not belong to a
  ///   run, or is in use by another process. Also if it contains a run and `overwrites` is false.
  package init(at path: String, overwrites: Bool) throws(RunFailure) {
    let path = RunDirectory.withoutEnding(path)
    if let kind = FileKind(at: path), kind != .folder {
      throw .refusedInput("output '\(path.quotable)' is not a folder")
    }
    madeFolders = try RunDirectory.makeFolders(path)
    series = nil
    self.path = path
    // Lock first. Otherwise two processes could both find the folder empty.
    lock = try FolderLock(path)
    guard overwrites || !isTaken else {
      throw .refusedInput(
        "output '\(path.quotable)' holds a run already: choose another folder, or give --overwrite")
    }
    if !isTaken { try refuseStrangers(in: path, besides: RunDirectory.isOwn) }
    try checkCheckpoints()
    if overwrites {
      try refuseStrangers(in: file(RunDirectory.checkpoints), besides: RunDirectory.isCheckpoint)
    }
    guard FileSystem.allows(W_OK | X_OK, path) else {
      throw OutputFile.failure("write to", path)
    }
  }

  /// Refuses a folder with files that do not belong to a run.
  private func refuseStrangers(
    in folder: String, besides isOwn: (String) -> Bool
  ) throws(RunFailure) {
    guard let stranger = FileSystem.names(in: folder).filter({ !isOwn($0) }).min() else { return }
    throw .refusedInput(
      "output '\(folder.quotable)' holds '\(stranger.quotable)', which does not belong to a run: "
        + "choose another folder")
  }

  /// Refuses a link in place of the checkpoint folder. Its target would not belong to the run.
  private func checkCheckpoints() throws(RunFailure) {
    let checkpoints = file(RunDirectory.checkpoints)
    guard FileKind(at: checkpoints) == .link else { return }
    throw .environment(
      "'\(checkpoints.quotable)' is a link: checkpoints are written below the run only")
  }

  /// Refuses a folder in which the run would replace one of its input files.
  func checkKeeps(_ inputs: InputFiles) throws(RunFailure) {
    for path in ownFiles {
      guard let role = inputs.role(of: FileIdentity(of: path)) else { continue }
      throw .refusedInput(
        "output '\(self.path.quotable)' holds \(role), which would be replaced: "
          + "choose another folder")
    }
  }

  /// Refuses a folder in which the run would replace the model file to train.
  ///
  /// The model file of an earlier run may be trained in its own folder, where the new run writes
  /// the same text again.
  ///
  /// - Parameter text: The resolved model file.
  func checkKeeps(model: String, resolved text: String) throws(RunFailure) {
    guard let file = try? RunDirectory.absolute(model),
      let folder = try? RunDirectory.absolute(path),
      RunDirectory.files.contains(where: { "\(folder)/\($0)" == file })
    else { return }
    let isOwn =
      file == "\(folder)/\(RunDirectory.model)"
      && (try? InputFile.read(file, upTo: text.utf8.count)) == Array(text.utf8)
    guard !isOwn else { return }
    throw .refusedInput(
      "output '\(path.quotable)' holds the model file itself, which would be replaced: "
        + "choose another folder")
  }

  /// Removes the files of a run, and leaves all others.
  ///
  /// Without this, a run that stops early could appear to have the weights of an older run. The
  /// model file remains, since the run replaces it in one step.
  func empty() throws(RunFailure) {
    for path in leavings { try OutputFile.remove(path) }
    let checkpoints = file(RunDirectory.checkpoints)
    guard FileSystem.removeFolder(checkpoints) || [ENOENT, ENOTEMPTY].contains(errno) else {
      throw OutputFile.failure("remove", checkpoints)
    }
  }

  /// Returns the bytes of the disk that ``empty()`` frees, or that ``removeTemporaries()`` frees.
  func freedBytes(isEmptied: Bool) -> Int {
    (isEmptied ? leavings : temporaries).reduce(0) { sum, path in
      guard let status = FileSystem.status(at: path), status.nameCount == 1 else { return sum }
      return sum + status.diskBytes
    }
  }

  /// The paths of the run's files, including temporary files of a killed process.
  ///
  /// The files that show the end of a run come first, and the history comes last. Therefore the run
  /// can be resumed if the process is killed while it removes them.
  private var leavings: [String] {
    let checkpoints = FileSystem.names(in: file(RunDirectory.checkpoints))
      .filter(RunDirectory.isCheckpoint)
    let names =
      RunDirectory.ends + checkpoints.map { "\(RunDirectory.checkpoints)/\($0)" }
      + RunDirectory.temporaries(in: path) + RunDirectory.others
    return names.map(file)
  }

  /// The paths of the run's files that exist.
  var ownFiles: [String] {
    ([file(RunDirectory.model)] + leavings).filter { FileSystem.status(at: $0) != nil }
  }

  /// Returns the folder of the run to which the file at `path` would belong. Nil for every other
  /// path.
  static func run(ofFile path: String) -> String? {
    let folder = FileSystem.folder(of: path)
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    if isOwn(name), holdsRun(folder, besides: name) { return folder }
    guard isCheckpoint(name), let real = FileSystem.realPath(folder),
      real.split(separator: "/").last == checkpoints[...]
    else { return nil }
    let run = FileSystem.folder(of: real)
    return holdsRun(run, besides: checkpoints) ? run : nil
  }

  /// Whether a folder contains a model file and another file of a run.
  private static func holdsRun(_ folder: String, besides name: String) -> Bool {
    FileSystem.allows(F_OK, "\(folder)/\(model)")
      && (ends + others + [checkpoints]).contains { other in
        other != name && FileSystem.allows(F_OK, "\(folder)/\(other)")
      }
  }

  /// Opens a run to resume.
  ///
  /// - Parameter path: The run's folder, or the link `latest` beside it.
  /// - Throws: ``RunFailure`` if the folder does not contain a run, is not writable, or is in use.
  package init(resuming path: String) throws(RunFailure) {
    let path = RunDirectory.withoutEnding(path)
    let series = RunSeries(ofLatest: path) ?? RunSeries(ofName: path)
    try self.init(resuming: series?.latest ?? path, of: series)
  }

  /// - Parameter series: The series whose latest run is at `path`. Nil when it may be another run.
  init(resuming path: String, of series: RunSeries?) throws(RunFailure) {
    guard FileKind(at: path) == .folder else {
      throw .refusedInput("'\(path.quotable)' is not the folder of a run")
    }
    guard FileSystem.allows(W_OK | X_OK, path) else { throw OutputFile.failure("write to", path) }
    self.path = path
    self.series = series
    madeFolders = []
    lock = try FolderLock(path)
    try checkCheckpoints()
    // Other programs use some of these file names too, but none of the following.
    let hasSign =
      FileSystem.allows(F_OK, file("run.json"))
      || FileSystem.names(in: file(RunDirectory.checkpoints)).contains(
        where: CheckpointFolder.isOwn)
    if !hasSign { try refuseStrangers(in: path, besides: RunDirectory.isOwn) }
  }

  /// Returns the folder of the run that a path names: the path itself, or the latest run below it
  /// (`runs/spiral`).
  static func run(named path: String) -> String {
    RunSeries(ofName: withoutEnding(path))?.latest ?? path
  }

  /// Points the link `latest` at this run, if it is numbered. Call it when no later check can
  /// refuse the run.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  package func begin() throws(RunFailure) { try series?.setLatest(path) }

  /// Removes the new folders of a run that was refused, as far as they are empty.
  package func giveUp() {
    guard let last = madeFolders.last, FileSystem.removeFolder(last) else { return }
    series?.forget(path)
    for folder in madeFolders.dropLast().reversed() {
      guard FileSystem.removeFolder(folder) else { return }
    }
  }

  /// Returns the path without a slash at its end. With the slash, the system would follow a link.
  private static func withoutEnding(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") || path.hasSuffix("/.") { path = path.dropLast() }
    return String(path)
  }

  /// Returns the path of the latest run of a name: see ``RunSeries``. Nil when there is none.
  package static func latest(of name: String, in parent: String = "runs") -> String? {
    RunSeries(in: "\(parent)/\(name)").latest
  }

  /// Removes the temporary files that a killed process left in the run's folders.
  func removeTemporaries() {
    for path in temporaries { FileSystem.remove(path) }
  }

  private var temporaries: [String] {
    [path, file(RunDirectory.checkpoints)].flatMap { folder in
      RunDirectory.temporaries(in: folder).map { "\(folder)/\($0)" }
    }
  }

  /// Whether ``empty()`` would remove a file.
  func wouldRemove(_ file: String) -> Bool {
    guard let file = try? RunDirectory.absolute(file) else { return false }
    return leavings.contains { (try? RunDirectory.absolute($0)) == file }
  }

  /// Whether a run writes a file of this name.
  private static func isOwn(_ name: String) -> Bool {
    files.contains(name) || name == checkpoints || isTemporary(name)
  }

  private static func isCheckpoint(_ name: String) -> Bool {
    CheckpointFolder.isOwn(name) || isTemporary(name)
  }

  /// Whether this is the name of a temporary file of a run, such as `run.json.1234-0.tmp`.
  private static func isTemporary(_ name: String) -> Bool {
    guard let original = OutputFile.original(ofTemporary: name) else { return false }
    return files.contains(original) || CheckpointFolder.isOwn(original)
  }

  private static func temporaries(in folder: String) -> [String] {
    FileSystem.names(in: folder).filter(isTemporary)
  }

  /// Whether the run has ended, normally or by diverging.
  var hasEnded: Bool { RunDirectory.ends.contains { FileSystem.allows(F_OK, file($0)) } }

  /// Whether any file of the run exists.
  var isTaken: Bool { RunDirectory.files.contains { FileSystem.allows(F_OK, file($0)) } }

  /// Whether a file or the checkpoint folder of a run exists.
  var holdsRun: Bool { isTaken || FileKind(at: file(RunDirectory.checkpoints)) == .folder }

  /// Opens the folder of a run, or the link `latest` beside it. The link may lead to a run that no
  /// longer exists.
  package init(existing path: String) {
    let isLost = FileKind(of: path) == nil
    let series = isLost ? RunSeries(ofLatest: RunDirectory.withoutEnding(path)) : nil
    self.path = series?.latest ?? path
    (lock, self.series, madeFolders) = (nil, nil, [])
  }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Returns the path from the root, with links resolved.
  static func absolute(_ path: String) throws(RunFailure) -> String {
    guard let real = FileSystem.realPath(path) else {
      throw OutputFile.failure("find the folder", path)
    }
    return real
  }

  /// Makes the missing folders of a path, and returns them, the outermost first.
  private static func makeFolders(_ path: String) throws(RunFailure) -> [String] {
    var partial = path.hasPrefix("/") ? "/" : ""
    var made: [String] = []
    for part in path.split(separator: "/") {
      partial += partial.isEmpty || partial == "/" ? String(part) : "/\(part)"
      if try makeFolder(partial) { made.append(partial) }
    }
    return made
  }

  /// Makes a folder unless it exists. Returns whether the folder is new.
  @discardableResult
  static func makeFolder(_ path: String) throws(RunFailure) -> Bool {
    if FileSystem.makeFolder(path) { return true }
    let code = errno
    if FileKind(of: path) == .folder { return false }
    errno = code
    throw OutputFile.failure("make the folder", path)
  }
}
