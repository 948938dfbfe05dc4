import Glibc

/// A new temporary folder, removed with all that is in it when the last reference ends.
package final class ScratchFolder: Sendable {
  package let path: String

  /// The folder could not be made.
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

  /// Removes a folder, also one that tests made unwritable.
  package static func remove(_ path: String) {
    _ = unsafe chmod(path, 0o700)
    for name in names(in: path) {
      let entry = "\(path)/\(name)"
      if isFolder(entry) { remove(entry) } else { unsafe unlink(entry) }
    }
    unsafe rmdir(path)
  }

  /// Whether a path leads to a folder, and not to a link.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted. A name may be any bytes.
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
