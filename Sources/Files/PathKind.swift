/// What a path leads to.
package enum PathKind {
  case file
  case folder
  case link
  case other

  /// What is at `path`, or what a link there leads to; nil if there is nothing that can be seen.
  package init?(of path: String) {
    guard let status = FileSystem.status(of: path) else { return nil }
    self.init(status)
  }

  /// What is at `path` itself, which may be a link; nil if there is nothing that can be seen.
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
