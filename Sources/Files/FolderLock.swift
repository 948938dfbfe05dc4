internal import Glibc
internal import YAML

/// The lock (`flock`) of a run's folder. The process holds it while it works there. The lock ends
/// with the process.
package final class FolderLock: Sendable {
  private let descriptor: CInt

  /// Locks a folder.
  ///
  /// - Throws: ``RunFailure/refusedInput(_:)`` with the process that holds the lock.
  ///   ``RunFailure/environment(_:)`` if the folder cannot be opened.
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

  /// Locks a folder that other processes lock only briefly. Nil if it stays locked for a second or
  /// cannot be locked.
  package static func brief(_ folder: String) -> FolderLock? {
    for _ in 0..<100 {
      if let lock = try? FolderLock(folder) { return lock }
      usleep(10_000)
    }
    return nil
  }

  /// Unlocks explicitly. Closing the descriptor is not enough, because a child process between fork
  /// and exec also has it.
  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// The owner of the lock from the system's table of locks: `process 1234`.
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
