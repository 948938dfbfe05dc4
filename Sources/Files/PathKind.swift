/// The kind of a file at a path.
package enum PathKind {
  case file
  case folder
  case link
  case other

  /// The kind of the file at `path`, with links followed. Nil if nothing is visible there.
  package init?(of path: String) {
    guard let status = FileSystem.status(of: path) else { return nil }
    self.init(status)
  }

  /// The kind of the file at `path` itself, which may be a link. Nil if nothing is visible there.
  package init?(at path: String) {
    guard let status = FileSystem.status(at: path) else { return nil }
    self.init(status)
  }

  /// Whether `path` is a link into the system's own folders.
  static func isSystemLink(_ path: String) -> Bool {
    guard let target = FileSystem.target(of: path) else { return false }
    return target.hasPrefix("/proc/") || target.hasPrefix("/dev/")
  }

  private init(_ status: FileStatus) {
    switch status.kind {
    case .file: self = .file
    case .folder: self = .folder
    case .link: self = .link
    case .pipe, .socket, .disk, .device: self = .other
    }
  }
}
