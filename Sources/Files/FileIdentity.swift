/// Which file a path means, whatever the path looks like: `./t.csv`, a link and a second name of the same file are
/// equal.
///
/// A file that does not exist yet is known by its folder and its name.
package struct FileIdentity: Hashable {
  private let system: UInt64
  private let number: UInt64
  /// Empty for a file that exists.
  private let name: String

  /// What a path leads to; nil if not even the folder exists.
  package init?(of path: String) {
    if let status = FileSystem.status(of: path) {
      self.init(status, name: "")
    } else {
      guard let status = FileSystem.status(of: FileSystem.folder(of: path)) else { return nil }
      self.init(status, name: path.split(separator: "/").last.map(String.init) ?? "")
    }
  }

  /// What an open descriptor leads to; nil if it is not a regular file.
  package init?(ofFile descriptor: CInt) {
    guard let status = FileStatus(of: descriptor), status.kind == .file else { return nil }
    self.init(status, name: "")
  }

  private init(_ status: FileStatus, name: String) {
    (system, number) = (status.system, status.number)
    self.name = name
  }
}
