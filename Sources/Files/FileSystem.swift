internal import Glibc
internal import YAML

/// The system's calls that take a path. They give the system the bytes of the name, as ``String/fileNameBytes``
/// says. A call that fails leaves its reason in `errno`.
package enum FileSystem {
  /// Opens a file, and gives its descriptor; negative where the system refused.
  package static func open(_ path: String, _ flags: CInt) -> CInt {
    unsafe Glibc.open(path.nameForSystem, flags | O_CLOEXEC, 0o644)
  }

  /// The status of what a path leads to.
  package static func status(of path: String) -> FileStatus? {
    var status = stat()
    let isKnown = unsafe stat(path.nameForSystem, &status) == 0
    return isKnown ? FileStatus(status) : nil
  }

  /// The status of what lies at a path, which may be a link.
  package static func status(at path: String) -> FileStatus? {
    var status = stat()
    let isKnown = unsafe lstat(path.nameForSystem, &status) == 0
    return isKnown ? FileStatus(status) : nil
  }

  /// Whether the process may use a path in a way, such as `R_OK`.
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

  /// Gives a file another name, and replaces the file that has it.
  package static func rename(_ path: String, to name: String) -> Bool {
    unsafe Glibc.rename(path.nameForSystem, name.nameForSystem) == 0
  }

  /// Gives a file a further name, and fails where that is taken.
  package static func addName(_ name: String, to path: String) -> Bool {
    unsafe link(path.nameForSystem, name.nameForSystem) == 0
  }

  /// Makes a symbolic link.
  package static func makeLink(_ path: String, to target: String) -> Bool {
    unsafe symlink(target.nameForSystem, path.nameForSystem) == 0
  }

  /// Where a link leads, as it says; nil for everything else.
  package static func target(of path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(path.nameForSystem, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(fileName: buffer.prefix(count).map(UInt8.init(bitPattern:)))
  }

  /// The path from the root, links resolved.
  package static func realPath(_ path: String) -> String? {
    guard let real = unsafe realpath(path.nameForSystem, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(fileName: Array(UnsafeRawBufferPointer(start: real, count: strlen(real))))
  }

  /// What a folder holds, in no order; nothing where there is no such folder.
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

  /// The bytes that a process may still write where a path is; nil if the system does not tell.
  package static func freeBytes(at path: String) -> Double? {
    var system = statvfs()
    guard unsafe statvfs(path.nameForSystem, &system) == 0 else { return nil }
    return Double(system.f_bavail) * Double(system.f_frsize)
  }

  /// The folder of a path, as the path names it.
  package static func folder(of path: String) -> String {
    guard let end = path.lastIndex(of: "/") else { return "." }
    return end == path.startIndex ? "/" : String(path[..<end])
  }
}
