internal import Glibc
internal import YAML

/// The lock of a run's folder (`flock`): held as long as the process works in it, and gone with the process.
package final class FolderLock: Sendable {
  private let descriptor: CInt

  /// - Throws: ``RunFailure/refusedInput(_:)`` naming the process that holds it; ``RunFailure/environment(_:)`` if the
  ///   folder cannot be opened.
  package init(_ folder: String) throws(RunFailure) {
    let descriptor = FileSystem.open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    guard descriptor >= 0 else { throw OutputFile.failure("open the folder", folder) }
    self.descriptor = descriptor
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK else { throw OutputFile.failure("lock the folder", folder) }
      throw .refusedInput(
        "output '\(folder.quotable)' is in use by \(FolderLock.owner(of: descriptor))")
    }
  }

  /// The lock of a folder in which another process works for a moment only. Nil if it does not get free within a
  /// second, or cannot be locked.
  package static func brief(_ folder: String) -> FolderLock? {
    for _ in 0..<100 {
      if let lock = try? FolderLock(folder) { return lock }
      usleep(10_000)
    }
    return nil
  }

  /// Unlocks by name, since closing alone does not while a child of the process, between its fork and its exec, has
  /// the descriptor too.
  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// `process 1234`, as the system's table of locks has it.
  ///
  /// A line of the table: `1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF`.
  private static func owner(of descriptor: CInt) -> String {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0,
      let table = unsafe fopen("/proc/locks", "r")
    else { return "another process" }
    defer { unsafe fclose(table) }
    var line = [CChar](repeating: 0, count: 256)
    while unsafe fgets(&line, CInt(line.count), table) != nil {
      let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      guard words.count >= 6, words[1] == "FLOCK", words[5].hasSuffix(":\(status.st_ino)"),
        let number = Int(words[4]), number > 0
      else { continue }
      return "process \(number)"
    }
    return "another process"
  }
}
