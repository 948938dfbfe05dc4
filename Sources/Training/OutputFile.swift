internal import Glibc
internal import YAML

/// Files that are complete or absent: written beside their place, then renamed into it.
package enum OutputFile {
  /// Writes `bytes` to `path`, replacing a file (or a link, never what it points to).
  ///
  /// - Parameter isDurable: waits until the disk has it, so that a power cut cannot take it back.
  /// - Throws: ``RunFailure/environment(_:)``; no temporary file stays.
  package static func write(
    _ bytes: [UInt8], to path: String, isDurable: Bool = false
  ) throws(RunFailure) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = unsafe open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw failure("write", path) }
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
  }

  package static func write(_ text: String, to path: String) throws(RunFailure) {
    try write(Array(text.utf8), to: path)
  }

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
      guard count >= 0 else { throw failure("write", path) }
      start += count
    }
  }

  /// The system's reason, from `errno`.
  static func failure(_ action: String, _ path: String) -> RunFailure {
    .environment("cannot \(action) '\(path.quotable)': \(SystemError.last)")
  }
}
