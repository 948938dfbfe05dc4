internal import Glibc

/// The kind of a file, as the system reports it.
package enum FileKind: Sendable {
  case file, folder, link, pipe, socket, disk
  /// A terminal, `/dev/null` or another character device.
  case device

  /// The kind of the file at `path`, with links followed. Nil if nothing is visible there.
  package init?(of path: String) {
    guard let status = FileSystem.status(of: path) else { return nil }
    self = status.kind
  }

  /// The kind of the file at `path` itself, which may be a link. Nil if nothing is visible there.
  package init?(at path: String) {
    guard let status = FileSystem.status(at: path) else { return nil }
    self = status.kind
  }

  init(_ status: stat) {
    self =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      case S_IFBLK: .disk
      default: .device
      }
  }

  /// The kind with its article: `a folder`.
  package var phrase: String {
    switch self {
    case .file: "a regular file"
    case .folder: "a folder"
    case .link: "a link"
    case .pipe: "a pipe"
    case .socket: "a socket"
    case .disk, .device: "a device"
    }
  }
}
