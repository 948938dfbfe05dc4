internal import Glibc
internal import YAML

/// Writes files so that they are complete or absent.
///
/// A file is written under a temporary name and then renamed. Only history files grow in place.
package enum OutputFile {
  /// Writes `bytes` to `path`. Replaces an existing file or link, but never the target of a link.
  ///
  /// - Parameters:
  ///   - isDurable: waits until the disk has stored the file and its name, so that both survive a
  ///     power failure.
  ///   - replaces: false to fail if the path already has a file.
  /// - Throws: ``RunFailure/environment(_:)``. No temporary file remains.
  package static func write(
    _ bytes: [UInt8], to path: String, isDurable: Bool = false, replaces: Bool = true
  ) throws(RunFailure) {
    try write(to: path, isDurable: isDurable, replaces: replaces) { (write) throws(RunFailure) in
      try write(bytes)
    }
  }

  /// Writes content that is produced piece by piece.
  ///
  /// - Parameter content: passes each piece to the given function.
  package static func write(
    to path: String, isDurable: Bool = false, replaces: Bool = true,
    _ content: (_ write: ([UInt8]) throws(RunFailure) -> Void) throws(RunFailure) -> Void
  ) throws(RunFailure) {
    try checkPlace(path)
    OpenOutput.ignoreSizeSignal
    var descriptor: CInt = -1
    let temporary = try makeTemporary(beside: path, "write") { name in
      descriptor = FileSystem.open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
      return descriptor >= 0
    }
    do throws(RunFailure) {
      try content { (piece) throws(RunFailure) in try writeAll(piece, to: descriptor, path) }
      if isDurable, fsync(descriptor) != 0 { throw failure("write", path) }
    } catch {
      close(descriptor)
      FileSystem.remove(temporary)
      throw error
    }
    guard close(descriptor) == 0, name(temporary, path, replaces: replaces) else {
      let error = failure("write", path)
      FileSystem.remove(temporary)
      throw error
    }
    if isDurable { try synchronizeFolder(of: path) }
  }

  /// Gives a temporary file its final name in one step.
  private static func name(_ temporary: String, _ path: String, replaces: Bool) -> Bool {
    guard !replaces else { return FileSystem.rename(temporary, to: path) }
    if FileSystem.addName(path, to: temporary) { return FileSystem.remove(temporary) }
    // Some file systems do not support hard links.
    guard errno != EEXIST, FileKind(at: path) == nil else {
      errno = EEXIST
      return false
    }
    return FileSystem.rename(temporary, to: path)
  }

  /// Waits until the disk has stored the names in the folder of `path`.
  ///
  /// - Parameter ignored: error codes that are not a failure.
  package static func synchronizeFolder(
    of path: String, ignoring ignored: [CInt] = []
  ) throws(RunFailure) {
    let folder = FileSystem.folder(of: path)
    let descriptor = FileSystem.open(folder, O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { throw failure("open the folder", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || ignored.contains(errno) else {
      throw failure("write the folder", folder)
    }
  }

  /// Waits until the disk has stored the names of all folders of a path, since this process may
  /// have created them.
  ///
  /// The function skips folders without read permission, and file systems that cannot synchronize a
  /// folder. This process did not create such folders.
  package static func synchronizeFolders(of path: String) throws(RunFailure) {
    try synchronizeFolder(of: path)
    var path = FileSystem.folder(of: path)
    while path != "/", path != ".", FileSystem.allows(R_OK, FileSystem.folder(of: path)) {
      try synchronizeFolder(of: path, ignoring: [EINVAL, ENOTSUP, EROFS])
      path = FileSystem.folder(of: path)
    }
  }

  /// Writes `bytes` at offset `place` of a file, and ends the file after them.
  ///
  /// - Parameters:
  ///   - place: the end of the known content. Bytes after it are cut.
  ///   - isDurable: waits until the disk has stored all bytes of the file.
  /// - Throws: ``RunFailure/environment(_:)``. The file then ends at `place`, if the disk allows
  ///   it.
  package static func append(
    _ bytes: [UInt8], to path: String, at place: Int, isDurable: Bool
  ) throws(RunFailure) {
    try checkPlace(path)
    OpenOutput.ignoreSizeSignal
    let descriptor = FileSystem.open(path, O_WRONLY | O_NOFOLLOW)
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    guard ftruncate(descriptor, place) == 0, lseek(descriptor, place, SEEK_SET) == place else {
      throw failure("write", path)
    }
    do throws(RunFailure) {
      try writeAll(bytes, to: descriptor, path)
      if isDurable, fsync(descriptor) != 0 { throw failure("write", path) }
    } catch {
      ftruncate(descriptor, place)
      throw error
    }
  }

  /// Truncates a file to `count` bytes. Does not follow links.
  package static func cut(_ path: String, to count: Int) throws(RunFailure) {
    let descriptor = FileSystem.open(path, O_WRONLY | O_NOFOLLOW)
    guard descriptor >= 0 else { throw failure("cut", path) }
    defer { close(descriptor) }
    guard ftruncate(descriptor, count) == 0 else { throw failure("cut", path) }
  }

  package static func write(_ text: String, to path: String) throws(RunFailure) {
    try write(Array(text.utf8), to: path)
  }

  /// Removes a file or a link if it exists.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  package static func remove(_ path: String) throws(RunFailure) {
    guard FileSystem.remove(path) || errno == ENOENT else { throw failure("remove", path) }
  }

  /// The suffix of temporary file names.
  static let temporarySuffix = ".tmp"

  /// Creates a file or folder beside `path` under an unused temporary name.
  ///
  /// The name may already exist: a killed process may have left its temporary files. In containers,
  /// different processes may have the same process number.
  ///
  /// - Parameter make: returns false, with the reason in `errno`, if the creation failed.
  package static func makeTemporary(
    beside path: String, _ action: String, _ make: (String) -> Bool
  ) throws(RunFailure) -> String {
    for number in 0..<10_000 {
      let name = "\(path).\(getpid())-\(number)\(temporarySuffix)"
      if make(name) { return name }
      guard errno == EEXIST else { break }
    }
    throw failure(action, path)
  }

  /// The final name of a temporary file. Nil for other files.
  package static func original(ofTemporary name: String) -> String? {
    guard name.hasSuffix(temporarySuffix) else { return nil }
    let stem = name.dropLast(temporarySuffix.count)
    guard let dot = stem.lastIndex(of: ".") else { return nil }
    let numbers = stem[stem.index(after: dot)...].split(
      separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy(\.isOfDigits) ? String(stem[..<dot]) : nil
  }

  /// Checks that `path` is writable, before there is anything to write.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  package static func check(_ path: String) throws(RunFailure) {
    try checkPlace(path)
    guard !path.isEmpty else { throw .environment("cannot write '': the file name is empty") }
    guard FileSystem.allows(W_OK | X_OK, FileSystem.folder(of: path)) else {
      throw failure("write", path)
    }
  }

  /// Refuses devices, which a rename would replace with a file.
  private static func checkPlace(_ path: String) throws(RunFailure) {
    guard !path.utf8.contains(0) else {
      throw .environment(
        "cannot write '\(path.quotable)': a file name cannot contain a NUL character")
    }
    // For example /dev/stdout, independent of its current target.
    guard !FileSystem.isSystemLink(path) else {
      throw .environment("cannot write '\(path.quotable)': it is a link to a system device")
    }
    guard let kind = FileKind(of: path), kind != .file else { return }
    let received = kind == .folder ? "a folder" : "a pipe or a device"
    throw .environment(
      "cannot write '\(path.quotable)': expected a regular file, received \(received)")
  }

  private static func writeAll(
    _ bytes: [UInt8], to descriptor: CInt, _ path: String
  ) throws(RunFailure) {
    guard let error = OpenOutput.write(bytes, to: descriptor) else { return }
    throw .environment("cannot write '\(path.quotable)': \(error)")
  }

  /// A failure with the system's reason from `errno`.
  package static func failure(_ action: String, _ path: String) -> RunFailure {
    .environment("cannot \(action) '\(path.quotable)': \(SystemError.last)")
  }
}

extension StringProtocol {
  /// Whether the text consists of one or more decimal digits.
  package var isOfDigits: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
