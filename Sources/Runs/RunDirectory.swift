internal import Expressions
package import Files
internal import Glibc
internal import YAML

/// The folder of one run.
///
/// By default `runs/<name>/<NNN>/` below the current folder, with the number after the greatest one, and
/// `runs/<name>/latest` as a link to it. Never one that holds a run already, unless that is asked
/// for.
package struct RunDirectory: Sendable {
  package let path: String
  /// Nil for a folder that is only read.
  private let lock: FolderLock?
  /// The numbered runs that this one belongs to; nil for a folder that was named.
  private let series: RunSeries?
  /// The folders that were made for the run, the outermost first.
  private let madeFolders: [String]

  /// The resolved model file, which a run writes first.
  static let model = "model.yaml"
  /// The weights at the end of the training.
  static let lastWeights = "weights.safetensors"
  /// The weights at the best test.
  static let bestWeights = "best.safetensors"
  /// What may vary between two runs of the same file.
  static let record = "run.json"
  /// What a run has only when it has ended.
  private static let ends = [lastWeights, record]
  /// What checkpoints count comes last.
  private static let others = [
    bestWeights, "report.html", "history.svg", "boundary.svg", "history.csv",
  ]
  /// The files of a run.
  private static let files = [model] + ends + others
  /// The folder of the run's checkpoints.
  static let checkpoints = "checkpoints"

  /// Takes the next number. Making the folder is what takes it, so two runs never share one. ``begin()`` makes the
  /// link to it.
  ///
  /// - Throws: ``RunFailure`` if a folder cannot be made, or what is called `latest` is no link;
  ///   no numbered folder is made then.
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

  /// Takes exactly `path`. What a run left there is still to be removed where it may be overwritten: ``empty()``.
  ///
  /// - Throws: ``RunFailure`` if it holds a run and `overwrites` is false, holds what is no run's, is in use by another
  ///   process, or is no folder.
  package init(at path: String, overwrites: Bool) throws(RunFailure) {
    let path = RunDirectory.withoutEnding(path)
    if let kind = PathKind(at: path), kind != .folder {
      throw .refusedInput("output '\(path.quotable)' is no folder")
    }
    madeFolders = try RunDirectory.makeFolders(path)
    series = nil
    self.path = path
    // Before looking what is there: two that look at once would both find nothing.
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

  /// Refuses a folder with what is not a run's.
  private func refuseStrangers(
    in folder: String, besides isOwn: (String) -> Bool
  ) throws(RunFailure) {
    guard let stranger = FileSystem.names(in: folder).filter({ !isOwn($0) }).min() else { return }
    throw .refusedInput(
      "output '\(folder.quotable)' holds '\(stranger.quotable)', which is no run's: "
        + "choose another folder")
  }

  /// What a link leads to is not the run's.
  private func checkCheckpoints() throws(RunFailure) {
    let checkpoints = file(RunDirectory.checkpoints)
    guard PathKind(at: checkpoints) == .link else { return }
    throw .environment(
      "'\(checkpoints.quotable)' is a link: checkpoints are written below the run only")
  }

  /// Refuses a folder in which the run would replace a file that it reads.
  func checkKeeps(_ inputs: InputFiles) throws(RunFailure) {
    for path in ownFiles {
      guard let role = inputs.role(of: FileIdentity(of: path)) else { continue }
      throw .refusedInput(
        "output '\(self.path.quotable)' holds \(role), which would be replaced: "
          + "choose another folder")
    }
  }

  /// Refuses a folder in which the run would replace the model file that is to be trained. The model file that a run
  /// left may be trained in its place: it is written again as it is.
  ///
  /// - Parameter text: the resolved model file.
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

  /// Removes what a run leaves, and nothing of others: one that stops early would else be taken for one with the
  /// weights of another. The model file stays, since it is replaced in one step.
  func empty() throws(RunFailure) {
    for path in leavings { try OutputFile.remove(path) }
    let checkpoints = file(RunDirectory.checkpoints)
    guard FileSystem.removeFolder(checkpoints) || [ENOENT, ENOTEMPTY].contains(errno) else {
      throw OutputFile.failure("remove", checkpoints)
    }
  }

  /// The bytes of the disk that ``empty()`` frees, or ``removeTemporaries()`` alone.
  func freedBytes(isEmptied: Bool) -> Int {
    (isEmptied ? leavings : temporaries).reduce(0) { sum, path in
      guard let status = FileSystem.status(at: path), status.nameCount == 1 else { return sum }
      return sum + status.diskBytes
    }
  }

  /// The paths of what a run leaves, temporary files of one that was killed among it. What says that it has ended
  /// comes first, and the history that its checkpoints count last: what a kill leaves of it can go on.
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

  /// The folder of the run that `path` is a file of, whether that file exists or not; nil for every other path.
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

  /// Whether a folder has a model file and another file of a run.
  private static func holdsRun(_ folder: String, besides name: String) -> Bool {
    FileSystem.allows(F_OK, "\(folder)/\(model)")
      && (ends + others + [checkpoints]).contains { other in
        other != name && FileSystem.allows(F_OK, "\(folder)/\(other)")
      }
  }

  /// A run that is to go on.
  ///
  /// - Parameter path: the run's folder, or the link `latest` beside it.
  /// - Throws: ``RunFailure`` if it is no folder of a run, cannot be written to, or is in use.
  package init(resuming path: String) throws(RunFailure) {
    let path = RunDirectory.withoutEnding(path)
    let series = RunSeries(ofLatest: path) ?? RunSeries(ofName: path)
    try self.init(resuming: series?.latest ?? path, of: series)
  }

  /// - Parameter series: what `path` is the latest run of; nil if it may be another.
  init(resuming path: String, of series: RunSeries?) throws(RunFailure) {
    guard PathKind(at: path) == .folder else {
      throw .refusedInput("'\(path.quotable)' is no folder of a run")
    }
    guard FileSystem.allows(W_OK | X_OK, path) else { throw OutputFile.failure("write to", path) }
    self.path = path
    self.series = series
    madeFolders = []
    lock = try FolderLock(path)
    try checkCheckpoints()
    // Others have files of such names too, but none of these.
    let hasSign =
      FileSystem.allows(F_OK, file("run.json"))
      || FileSystem.names(in: file(RunDirectory.checkpoints)).contains(
        where: CheckpointFolder.isOwn)
    if !hasSign { try refuseStrangers(in: path, besides: RunDirectory.isOwn) }
  }

  /// The folder of the run that a path names: the path itself, or the latest run in the folder of a name
  /// (`runs/spiral`).
  static func run(named path: String) -> String {
    RunSeries(ofName: withoutEnding(path))?.latest ?? path
  }

  /// Makes the link `latest` name this run, where it is one of the numbered ones. To be called when nothing of the run
  /// can be refused any more.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  package func begin() throws(RunFailure) { try series?.setLatest(path) }

  /// Removes the folders of a run that was refused after they were made, as far as they are empty.
  package func giveUp() {
    guard let last = madeFolders.last, FileSystem.removeFolder(last) else { return }
    series?.forget(path)
    for folder in madeFolders.dropLast().reversed() {
      guard FileSystem.removeFolder(folder) else { return }
    }
  }

  /// A slash at the end would have a link followed.
  private static func withoutEnding(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") || path.hasSuffix("/.") { path = path.dropLast() }
    return String(path)
  }

  /// The path of the latest run of a name: see ``RunSeries``. Nil if there is none.
  package static func latest(of name: String, in parent: String = "runs") -> String? {
    RunSeries(in: "\(parent)/\(name)").latest
  }

  /// Removes the temporary files that a process which was killed has left in the run's folders.
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

  /// Whether a run leaves a file of this name.
  private static func isOwn(_ name: String) -> Bool {
    files.contains(name) || name == checkpoints || isTemporary(name)
  }

  private static func isCheckpoint(_ name: String) -> Bool {
    CheckpointFolder.isOwn(name) || isTemporary(name)
  }

  /// Whether it is a file that a run was writing: `run.json.1234-0.tmp`.
  private static func isTemporary(_ name: String) -> Bool {
    guard let original = OutputFile.original(ofTemporary: name) else { return false }
    return files.contains(original) || CheckpointFolder.isOwn(original)
  }

  private static func temporaries(in folder: String) -> [String] {
    FileSystem.names(in: folder).filter(isTemporary)
  }

  /// Whether a run was there and has ended, as it should or diverging.
  var hasEnded: Bool { RunDirectory.ends.contains { FileSystem.allows(F_OK, file($0)) } }

  /// Whether the run has anything.
  var isTaken: Bool { RunDirectory.files.contains { FileSystem.allows(F_OK, file($0)) } }

  /// Whether a run left anything.
  var holdsRun: Bool { isTaken || PathKind(at: file(RunDirectory.checkpoints)) == .folder }

  /// A folder that a run left, or the link `latest` beside it, which may lead to a run that is gone.
  package init(existing path: String) {
    let isLost = PathKind(of: path) == nil
    let series = isLost ? RunSeries(ofLatest: RunDirectory.withoutEnding(path)) : nil
    self.path = series?.latest ?? path
    (lock, self.series, madeFolders) = (nil, nil, [])
  }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The path from the root, links resolved.
  static func absolute(_ path: String) throws(RunFailure) -> String {
    guard let real = FileSystem.realPath(path) else {
      throw OutputFile.failure("find the folder", path)
    }
    return real
  }

  /// Makes the folders of a path that are not there; returns them, the outermost first.
  private static func makeFolders(_ path: String) throws(RunFailure) -> [String] {
    var partial = path.hasPrefix("/") ? "/" : ""
    var made: [String] = []
    for part in path.split(separator: "/") {
      partial += partial.isEmpty || partial == "/" ? String(part) : "/\(part)"
      if try makeFolder(partial) { made.append(partial) }
    }
    return made
  }

  /// Makes a folder that may be there; returns whether it was not.
  @discardableResult
  static func makeFolder(_ path: String) throws(RunFailure) -> Bool {
    if FileSystem.makeFolder(path) { return true }
    let code = errno
    if PathKind(of: path) == .folder { return false }
    errno = code
    throw OutputFile.failure("make the folder", path)
  }
}
