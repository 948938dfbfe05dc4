internal import Foundation
internal import Glibc
internal import Testing

/// A new temporary folder, which is removed with its content when the last reference ends.
package final class TemporaryFolder: Sendable {
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

  deinit { TemporaryFolder.remove(path) }

  /// Returns the path of an entry.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Whether the folder has an entry of this name. A link counts when its target exists.
  package func holds(_ name: String) -> Bool { unsafe access(file(name), F_OK) == 0 }

  /// Writes a file and returns its path.
  @discardableResult
  package func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Writes a file and returns its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// Makes a folder, and the folders above it that are missing.
  package func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
  }

  package func makeLink(_ name: String, to target: String) throws {
    let status = unsafe symlink(target, file(name))
    try #require(status == 0)
  }

  /// Returns the content of a file.
  package func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  /// Returns the content of a file as text.
  package func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  /// Returns the target of a link. Nil for another entry.
  package func target(_ name: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: file(name))
  }

  /// Removes an entry with its content.
  package func remove(_ name: String) {
    let path = file(name)
    if TemporaryFolder.isFolder(path) { TemporaryFolder.remove(path) } else { unsafe unlink(path) }
  }

  /// The relative paths of all files and folders in it. Folders end with `/`.
  package var contents: [String] { contents(of: "") }

  private func contents(of folder: String) -> [String] {
    TemporaryFolder.names(in: file(folder)).flatMap { name in
      let entry = folder + name
      return TemporaryFolder.isFolder(file(entry))
        ? ["\(entry)/"] + contents(of: "\(entry)/") : [entry]
    }
  }

  /// Removes a folder, even if tests made it unwritable.
  private static func remove(_ path: String) {
    _ = unsafe chmod(path, 0o700)
    for name in names(in: path) {
      let entry = "\(path)/\(name)"
      if isFolder(entry) { remove(entry) } else { unsafe unlink(entry) }
    }
    unsafe rmdir(path)
  }

  /// Whether a path is a folder, and not a link.
  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted. A name may contain any bytes.
  private static func names(in path: String) -> [String] {
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
