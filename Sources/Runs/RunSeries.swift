internal import Files
internal import Glibc
internal import YAML

/// The numbered runs of one name: `runs/<name>/001`, `002` and so on, and `latest`, a link to one of them.
///
/// The latest run is the one that the link names. A run that begins gets the greatest number and the link. Where the
/// link is missing, or leads to no numbered folder, the latest run is the one with the greatest number that holds
/// anything; the link is made again when that run goes on.
struct RunSeries: Sendable {
  private let folder: String

  private static let linkName = "latest"
  /// More digits are no number of a run: every number with so many fits 64 bits, and so does the next.
  private static let digitLimit = 18

  /// - Parameter folder: holds the numbered folders.
  init(in folder: String) { self.folder = folder }

  /// The series of which `path` is the link `latest`; nil for any other path, and for a folder of that name.
  init?(ofLatest path: String) {
    let name = RunSeries.linkName
    guard path == name || path.hasSuffix("/\(name)"), PathKind(at: path) != .folder else {
      return nil
    }
    folder = path == name ? "." : path == "/\(name)" ? "/" : String(path.dropLast(name.count + 1))
  }

  /// The series of a folder that is not a run itself but holds numbered ones; nil for every other path.
  init?(ofName path: String) {
    guard PathKind(of: path) == .folder,
      !FileSystem.allows(F_OK, "\(path)/\(RunDirectory.model)")
    else { return nil }
    folder = path
    guard latest != nil else { return nil }
  }

  /// The path of the latest run; nil if there is no run.
  var latest: String? { (linked ?? greatest).map(path) }

  /// Makes the folder of the next run, with the number after the greatest that anything has.
  ///
  /// - Throws: ``RunFailure`` if the folder cannot be made, or if `latest` is not a link.
  func makeNext() throws(RunFailure) -> String {
    if let kind = PathKind(at: link), kind != .link {
      throw .refusedInput(
        "'\(link.quotable)' is not a link, and stays as it is: rename or remove it first")
    }
    var number = (FileSystem.names(in: folder).compactMap(RunSeries.number).max() ?? 0) + 1
    while true {
      let path = path(number.digits(3))
      if FileSystem.makeFolder(path) { return path }
      // Another process may have taken the number since.
      guard errno == EEXIST else { throw OutputFile.failure("make the folder", path) }
      number += 1
    }
  }

  /// Makes the link name a run that begins or goes on, unless a later one has begun in the meantime.
  ///
  /// - Parameter run: its path.
  /// - Throws: ``RunFailure/environment(_:)``. A file or folder called `latest` stays as it is.
  func setLatest(_ run: String) throws(RunFailure) {
    let name = RunSeries.name(of: run)
    let lock = FolderLock.brief(folder)
    defer { withExtendedLifetime(lock) {} }
    if let linked, number(linked) >= number(name) { return }
    guard PathKind(at: link) ?? .link == .link else { return }
    try replaceLink(with: name)
  }

  /// Takes back the link to a run that was refused, whose folder is gone.
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

  /// The name of the numbered folder that the link leads to.
  private var linked: String? {
    guard let target = FileSystem.target(of: link), RunSeries.number(target) != nil,
      PathKind(at: path(target)) == .folder
    else { return nil }
    return target
  }

  /// The name of the folder with the greatest number that holds a run.
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
