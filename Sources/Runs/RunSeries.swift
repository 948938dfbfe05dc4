internal import Files
internal import Glibc
internal import YAML

/// The numbered runs of one name (`runs/<name>/001`, `002` and so on) and the link `latest` to one
/// of them.
///
/// The latest run is the one that the link names. A new run gets the next number and the link. If
/// the link is missing or does not lead to a numbered folder, the highest number that contains a
/// run is the latest. Resuming that run creates the link again.
struct RunSeries: Sendable {
  private let folder: String

  private static let linkName = "latest"
  /// The most digits of a run's number. A number with this many digits and its successor both fit
  /// 64 bits.
  private static let digitLimit = 18

  /// - Parameter folder: The folder that contains the numbered folders.
  init(in folder: String) { self.folder = folder }

  /// Finds the series whose link `latest` is at `path`. Nil for any other path, and for a folder of
  /// that name.
  init?(ofLatest path: String) {
    let name = RunSeries.linkName
    guard path == name || path.hasSuffix("/\(name)"), FileKind(at: path) != .folder else {
      return nil
    }
    folder = path == name ? "." : path == "/\(name)" ? "/" : String(path.dropLast(name.count + 1))
  }

  /// Finds the series of a folder that is not a run but contains numbered runs. Nil for every other
  /// path.
  init?(ofName path: String) {
    guard FileKind(of: path) == .folder,
      !FileSystem.allows(F_OK, "\(path)/\(RunDirectory.model)")
    else { return nil }
    folder = path
    guard latest != nil else { return nil }
  }

  /// The path of the latest run. Nil when there is no run.
  var latest: String? { (linked ?? greatest).map(path) }

  /// Makes the folder of the next run. Its number follows the highest number in use.
  ///
  /// - Throws: ``RunFailure`` if the folder cannot be made, or if `latest` is not a link.
  func makeNext() throws(RunFailure) -> String {
    if let kind = FileKind(at: link), kind != .link {
      throw .refusedInput(
        "'\(link.quotable)' is not a link: rename or remove it first")
    }
    var number = (FileSystem.names(in: folder).compactMap(RunSeries.number).max() ?? 0) + 1
    while true {
      let path = path(number.digits(3))
      if FileSystem.makeFolder(path) { return path }
      // Another process may have taken the number in the meantime.
      guard errno == EEXIST else { throw OutputFile.failure("make the folder", path) }
      number += 1
    }
  }

  /// Points the link at a run that begins or resumes, unless a later run has begun in the meantime.
  ///
  /// - Parameter run: The path of the run.
  /// - Throws: ``RunFailure/environment(_:)``. A file or folder called `latest` remains unchanged.
  func setLatest(_ run: String) throws(RunFailure) {
    let name = RunSeries.name(of: run)
    let lock = FolderLock.brief(folder)
    defer { withExtendedLifetime(lock) {} }
    if let linked, number(linked) >= number(name) { return }
    guard FileKind(at: link) ?? .link == .link else { return }
    try replaceLink(with: name)
  }

  /// Updates the link after a refused run was removed: it points to the highest remaining run.
  /// Without such a run, the link is removed.
  func forget(_ run: String) {
    let lock = FolderLock.brief(folder)
    defer { withExtendedLifetime(lock) {} }
    guard FileSystem.target(of: link) == RunSeries.name(of: run) else { return }
    guard let greatest, (try? replaceLink(with: greatest)) != nil else {
      FileSystem.remove(link)
      return
    }
  }

  private var link: String { path(RunSeries.linkName) }

  private func path(_ name: String) -> String { folder == "." ? name : "\(folder)/\(name)" }

  private static func name(of path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  /// The name of the numbered folder to which the link leads.
  private var linked: String? {
    guard let target = FileSystem.target(of: link), RunSeries.number(target) != nil,
      FileKind(at: path(target)) == .folder
    else { return nil }
    return target
  }

  /// The name of the folder with the highest number that contains a run.
  private var greatest: String? {
    FileSystem.names(in: folder).filter { RunSeries.number($0) != nil }
      .sorted { (number($0), $0) > (number($1), $1) }
      .first { RunDirectory(existing: path($0)).holdsRun }
  }

  private func number(_ name: String) -> Int { RunSeries.number(name) ?? 0 }

  private static func number(_ name: String) -> Int? {
    name.isOfDigits && name.utf8.count <= digitLimit ? Int(name) : nil
  }

  /// Replaces the link in one step.
  private func replaceLink(with target: String) throws(RunFailure) {
    let temporary = try OutputFile.makeTemporary(beside: link, "make the link") {
      FileSystem.makeLink($0, to: target)
    }
    guard FileSystem.rename(temporary, to: link) else {
      let error = OutputFile.failure("make the link", link)
      FileSystem.remove(temporary)
      throw error
    }
  }
}
