import Glibc

/// A new temporary folder, which is removed with its content when the last reference ends.
package final class ScratchFolder: Sendable {
  package let path: String

  /// The folder could not be created.
  struct Failure: Error {
    let code: CInt
  }

  package init() throws {
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/dlrun-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Failure(code: errno) }
    path = String(
      decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { ScratchFolder.remove(path) }

  /// Removes a folder, even if tests made it unwritable.
  package static func remove(_ path: String) {
    _ = unsafe chmod(path, 0o700)
    for name in names(in: path) {
      let entry = "\(path)/\(name)"
      if isFolder(entry) { remove(entry) } else { unsafe unlink(entry) }
    }
    unsafe rmdir(path)
  }

  /// Whether a path is a folder, and not a link.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted. A name may contain any bytes.
  package static func names(in path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
