/// The identity of a file, independent of its path. `./t.csv`, a link and a second name of the same
/// file are equal.
///
/// A file that does not exist yet is identified by its folder and its name.
package struct FileIdentity: Hashable {
  private let system: UInt64
  private let number: UInt64
  /// Empty for a file that exists.
  private let name: String

  /// The identity of the file at a path, with links followed. Nil if not even the folder exists.
  package init?(of path: String) {
    if let status = FileSystem.status(of: path) {
      self.init(status, name: "")
    } else {
      guard let status = FileSystem.status(of: FileSystem.folder(of: path)) else { return nil }
      self.init(status, name: path.split(separator: "/").last.map(String.init) ?? "")
    }
  }

  /// The identity of an open file. Nil if the descriptor is not a regular file.
  package init?(ofFile descriptor: CInt) {
    guard let status = FileStatus(of: descriptor), status.kind == .file else { return nil }
    self.init(status, name: "")
  }

  private init(_ status: FileStatus, name: String) {
    (system, number) = (status.system, status.number)
    self.name = name
  }
}
