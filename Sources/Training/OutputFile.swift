internal import Glibc
internal import YAML

/// Files that are complete or absent: written beside their place, then renamed into it. Only a history grows in its
/// place.
package enum OutputFile {
  /// Writes `bytes` to `path`, replacing a file (or a link, never what it points to).
  ///
  /// - Parameter isDurable: waits until the disk has it, and the folder its name, so that a power cut cannot take it
  ///   back.
  /// - Throws: ``RunFailure/environment(_:)``; no temporary file stays.
  package static func write(
    _ bytes: [UInt8], to path: String, isDurable: Bool = false
  ) throws(RunFailure) {
    try checkPlace(path)
    signalsNoLimit
    var descriptor: CInt = -1
    let temporary = try makeTemporary(beside: path, "write") { name in
      descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
      return descriptor >= 0
    }
    do throws(RunFailure) {
      try writeAll(bytes, to: descriptor, path)
      if isDurable, fsync(descriptor) != 0 { throw failure("write", path) }
    } catch {
      close(descriptor)
      unsafe unlink(temporary)
      throw error
    }
    guard close(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
      let error = failure("write", path)
      unsafe unlink(temporary)
      throw error
    }
    if isDurable { try synchronizeFolder(of: path) }
  }

  /// Waits until the disk has the names in the folder of `path`.
  ///
  /// - Parameter ignored: reasons for which it need not.
  static func synchronizeFolder(
    of path: String, ignoring ignored: [CInt] = []
  ) throws(RunFailure) {
    let folder = folder(of: path)
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open the folder", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || ignored.contains(errno) else {
      throw failure("write the folder", folder)
    }
  }

  /// Waits until the disk has the names of all folders of a path: this process may have made them. One that must not
  /// be read, or of a file system without such waiting, was there before.
  static func synchronizeFolders(of path: String) throws(RunFailure) {
    try synchronizeFolder(of: path)
    var path = folder(of: path)
    while path != "/", path != ".", unsafe access(folder(of: path), R_OK) == 0 {
      try synchronizeFolder(of: path, ignoring: [EINVAL, ENOTSUP, EROFS])
      path = folder(of: path)
    }
  }

  /// Writes `bytes` at `place` of a file, the end of what is known of it, as its new end.
  ///
  /// - Parameter isDurable: waits until the disk has all bytes of the file.
  /// - Throws: ``RunFailure/environment(_:)``; the file then ends at `place`, as far as the disk lets it.
  static func append(
    _ bytes: [UInt8], to path: String, at place: Int, isDurable: Bool
  ) throws(RunFailure) {
    try checkPlace(path)
    signalsNoLimit
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
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
  static func cut(_ path: String, to count: Int) throws(RunFailure) {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
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
  static func remove(_ path: String) throws(RunFailure) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  /// How the names of temporary files end.
  static let temporarySuffix = ".tmp"

  /// Makes something beside `path`, under a name that nothing has: of a process that was killed
  /// its temporary files may be there still, and in a container all processes have one number.
  ///
  /// - Parameter make: false, with the reason in `errno`, if it could not.
  static func makeTemporary(
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
  static func original(ofTemporary name: String) -> String? {
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
    guard !path.isEmpty else { throw .environment("cannot write '': a file has a name") }
    guard unsafe access(folder(of: path), W_OK | X_OK) == 0 else { throw failure("write", path) }
  }

  private static func folder(of path: String) -> String {
    guard let end = path.lastIndex(of: "/") else { return "." }
    return end == path.startIndex ? "/" : String(path[..<end])
  }

  /// A rename would put a file in the place of a device.
  private static func checkPlace(_ path: String) throws(RunFailure) {
    guard !path.utf8.contains(0) else {
      throw .environment("cannot write '\(path.quotable)': a file name holds no NUL character")
    }
    // Such as /dev/stdout, whatever it leads to now.
    guard !PathKind.isSystemLink(path) else {
      throw .environment("cannot write '\(path.quotable)': it is a link of the system's")
    }
    guard let kind = PathKind(of: path), kind != .file else { return }
    throw .environment("cannot write '\(path.quotable)': it is there, and no regular file")
  }

  /// A file beyond the system's limit of sizes is a failure like any other, and not the end of the
  /// process.
  private static let signalsNoLimit: Void = { _ = signal(SIGXFSZ, SIG_IGN) }()

  private static func writeAll(
    _ bytes: [UInt8], to descriptor: CInt, _ path: String
  ) throws(RunFailure) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + start }, bytes.count - start)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      start += count
    }
  }

  /// The system's reason, from `errno`.
  static func failure(_ action: String, _ path: String) -> RunFailure {
    .environment("cannot \(action) '\(path.quotable)': \(SystemError.last)")
  }
}

extension StringProtocol {
  /// Whether it is one decimal digit or more, and nothing else.
  var isOfDigits: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
