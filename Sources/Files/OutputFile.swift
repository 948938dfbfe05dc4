internal import Glibc
internal import YAML

/// Files that are complete or absent: written beside their place, then renamed into it. Only a history grows in its
/// place.
package enum OutputFile {
  /// Writes `bytes` to `path`, replacing a file (or a link, never what it points to).
  ///
  /// - Parameters:
  ///   - isDurable: waits until the disk has it, and the folder its name, so that a power cut cannot take it back.
  ///   - replaces: false to fail where the path has a file by now.
  /// - Throws: ``RunFailure/environment(_:)``; no temporary file stays.
  package static func write(
    _ bytes: [UInt8], to path: String, isDurable: Bool = false, replaces: Bool = true
  ) throws(RunFailure) {
    try write(to: path, isDurable: isDurable, replaces: replaces) { (write) throws(RunFailure) in
      try write(bytes)
    }
  }

  /// The same of a content that is made piece by piece.
  ///
  /// - Parameter content: passes each piece to the function that it is given.
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

  /// Gives a temporary file its name in one step.
  private static func name(_ temporary: String, _ path: String, replaces: Bool) -> Bool {
    guard !replaces else { return FileSystem.rename(temporary, to: path) }
    if FileSystem.addName(path, to: temporary) { return FileSystem.remove(temporary) }
    // Some file systems give a file one name only.
    guard errno != EEXIST, PathKind(at: path) == nil else {
      errno = EEXIST
      return false
    }
    return FileSystem.rename(temporary, to: path)
  }

  /// Waits until the disk has the names in the folder of `path`.
  ///
  /// - Parameter ignored: reasons for which it need not.
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

  /// Waits until the disk has the names of all folders of a path: this process may have made them. One that must not
  /// be read, or of a file system without such waiting, was there before.
  package static func synchronizeFolders(of path: String) throws(RunFailure) {
    try synchronizeFolder(of: path)
    var path = FileSystem.folder(of: path)
    while path != "/", path != ".", FileSystem.allows(R_OK, FileSystem.folder(of: path)) {
      try synchronizeFolder(of: path, ignoring: [EINVAL, ENOTSUP, EROFS])
      path = FileSystem.folder(of: path)
    }
  }

  /// Writes `bytes` at `place` of a file, the end of what is known of it, as its new end.
  ///
  /// - Parameter isDurable: waits until the disk has all bytes of the file.
  /// - Throws: ``RunFailure/environment(_:)``; the file then ends at `place`, as far as the disk lets it.
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

  /// Ends a file earlier. A link is not followed.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  package static func cut(_ path: String, to count: Int) throws(RunFailure) {
    let descriptor = FileSystem.open(path, O_WRONLY | O_NOFOLLOW)
    guard descriptor >= 0 else { throw failure("cut", path) }
    defer { close(descriptor) }
    guard ftruncate(descriptor, count) == 0 else { throw failure("cut", path) }
  }

  package static func write(_ text: String, to path: String) throws(RunFailure) {
    try write(Array(text.utf8), to: path)
  }

  /// Removes a file, or a link, that need not be there.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  package static func remove(_ path: String) throws(RunFailure) {
    guard FileSystem.remove(path) || errno == ENOENT else { throw failure("remove", path) }
  }

  /// How the names of temporary files end.
  static let temporarySuffix = ".tmp"

  /// Makes something beside `path`, under a name that nothing has: of a process that was killed
  /// its temporary files may be there still, and in a container all processes have one number.
  ///
  /// - Parameter make: false, with the reason in `errno`, if it could not.
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

  /// The name of the file that a temporary one was to become; nil for another's.
  package static func original(ofTemporary name: String) -> String? {
    guard name.hasSuffix(temporarySuffix) else { return nil }
    let stem = name.dropLast(temporarySuffix.count)
    guard let dot = stem.lastIndex(of: ".") else { return nil }
    let numbers = stem[stem.index(after: dot)...].split(
      separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy(\.isOfDigits) ? String(stem[..<dot]) : nil
  }

  /// Refuses a place at which nothing could be written, before there is anything to write.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  package static func check(_ path: String) throws(RunFailure) {
    try checkPlace(path)
    guard !path.isEmpty else { throw .environment("cannot write '': the file name is empty") }
    guard FileSystem.allows(W_OK | X_OK, FileSystem.folder(of: path)) else {
      throw failure("write", path)
    }
  }

  /// A rename would put a file in the place of a device.
  private static func checkPlace(_ path: String) throws(RunFailure) {
    guard !path.utf8.contains(0) else {
      throw .environment("cannot write '\(path.quotable)': a file name cannot contain a NUL character")
    }
    // Such as /dev/stdout, whatever it leads to now.
    guard !PathKind.isSystemLink(path) else {
      throw .environment("cannot write '\(path.quotable)': it is a link to a system device")
    }
    guard let kind = PathKind(of: path), kind != .file else { return }
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

  /// The system's reason, from `errno`.
  package static func failure(_ action: String, _ path: String) -> RunFailure {
    .environment("cannot \(action) '\(path.quotable)': \(SystemError.last)")
  }
}

extension StringProtocol {
  /// Whether it is one decimal digit or more, and nothing else.
  package var isOfDigits: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
