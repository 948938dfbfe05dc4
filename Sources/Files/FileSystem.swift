internal import Glibc
internal import YAML

/// System calls that take a path. A call that fails leaves its reason in `errno`.
///
/// The calls pass the bytes of the name to the system, as ``String/fileNameBytes`` describes.
package enum FileSystem {
  /// Opens a file and returns its descriptor. Negative if the system refused.
  package static func open(_ path: String, _ flags: CInt) -> CInt {
    unsafe Glibc.open(path.nameForSystem, flags | O_CLOEXEC, 0o644)
  }

  /// The status of the file at a path, with links followed.
  package static func status(of path: String) -> FileStatus? {
    var status = stat()
    let isKnown = unsafe stat(path.nameForSystem, &status) == 0
    return isKnown ? FileStatus(status) : nil
  }

  /// The status of the file at a path itself, which may be a link.
  package static func status(at path: String) -> FileStatus? {
    var status = stat()
    let isKnown = unsafe lstat(path.nameForSystem, &status) == 0
    return isKnown ? FileStatus(status) : nil
  }

  /// Whether the process may access a path in the given mode, such as `R_OK`.
  package static func allows(_ mode: CInt, _ path: String) -> Bool {
    unsafe access(path.nameForSystem, mode) == 0
  }

  package static func makeFolder(_ path: String) -> Bool {
    unsafe mkdir(path.nameForSystem, 0o755) == 0
  }

  package static func removeFolder(_ path: String) -> Bool {
    unsafe rmdir(path.nameForSystem) == 0
  }

  /// Removes a file or a link.
  @discardableResult
  package static func remove(_ path: String) -> Bool {
    unsafe unlink(path.nameForSystem) == 0
  }

  /// Renames a file. It replaces a file that already has the new name.
  package static func rename(_ path: String, to name: String) -> Bool {
    unsafe Glibc.rename(path.nameForSystem, name.nameForSystem) == 0
  }

  /// Adds a name (hard link) to a file. Fails if the name is taken.
  package static func addName(_ name: String, to path: String) -> Bool {
    unsafe link(path.nameForSystem, name.nameForSystem) == 0
  }

  /// Makes a symbolic link.
  package static func makeLink(_ path: String, to target: String) -> Bool {
    unsafe symlink(target.nameForSystem, path.nameForSystem) == 0
  }

  /// The target stored in a symbolic link. Nil for everything else.
  package static func target(of path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(path.nameForSystem, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(fileName: buffer.prefix(count).map(UInt8.init(bitPattern:)))
  }

  /// Whether `path` is a link into the system's own folders.
  static func isSystemLink(_ path: String) -> Bool {
    guard let target = target(of: path) else { return false }
    return target.hasPrefix("/proc/") || target.hasPrefix("/dev/")
  }

  /// The absolute path with links resolved.
  package static func realPath(_ path: String) -> String? {
    guard let real = unsafe realpath(path.nameForSystem, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(fileName: Array(UnsafeRawBufferPointer(start: real, count: strlen(real))))
  }

  /// The names in a folder, in no particular order. Empty if there is no such folder.
  package static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder.nameForSystem) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(fileName: Array(bytes.prefix { $0 != 0 }))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// The free bytes of the file system at a path. Nil if the system does not report them.
  package static func freeBytes(at path: String) -> Double? {
    var system = statvfs()
    guard unsafe statvfs(path.nameForSystem, &system) == 0 else { return nil }
    return Double(system.f_bavail) * Double(system.f_frsize)
  }

  /// The folder of a path, as written in the path.
  package static func folder(of path: String) -> String {
    guard let end = path.lastIndex(of: "/") else { return "." }
    return end == path.startIndex ? "/" : String(path[..<end])
  }
}
