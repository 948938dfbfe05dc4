internal import Glibc

/// What a path leads to.
enum PathKind {
  case file
  case folder
  case link
  case other

  /// What is at `path`, or what a link there leads to; nil where there is nothing that can be seen.
  init?(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// What is at `path` itself, which may be a link; nil where there is nothing that can be seen.
  init?(at path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Where a link leads, as it says; nil for what is no link.
  static func target(of path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Whether `path` is a link into the system's own folders.
  static func isSystemLink(_ path: String) -> Bool {
    guard let target = target(of: path) else { return false }
    return target.hasPrefix("/proc/") || target.hasPrefix("/dev/")
  }

  private init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .link
    default: self = .other
    }
  }
}
