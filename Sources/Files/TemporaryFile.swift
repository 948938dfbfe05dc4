internal import Glibc

/// A file without a name, for numbers that do not fit in memory, or for a copy of the standard input.
///
/// The system frees its space when the last owner releases it, and when the process ends in any way.
/// It lies in the folder of `TMPDIR`, by default in `/var/tmp`, which is on a disk.
package final class TemporaryFile: Sendable {
  private let descriptor: CInt
  /// The folder in messages.
  package let folder: String

  package init() throws(SystemError) {
    let stated = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    let folder = stated.isEmpty ? "/var/tmp" : stated
    var path = Array("\(folder)/dlrun-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&path)
    guard descriptor >= 0 else { throw .last }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = unsafe unlink(path)
    self.descriptor = descriptor
    self.folder = folder
  }

  deinit { close(descriptor) }

  /// The path by which this process can open the file again, while an owner holds it.
  package var path: String { "/proc/self/fd/\(descriptor)" }

  /// Writes numbers at a place in the file.
  ///
  /// - Parameter offset: the numbers before them.
  package func write(_ values: Span<Double>, at offset: Int) throws(SystemError) {
    let start = offset * MemoryLayout<Double>.size
    let failure = unsafe values.withUnsafeBytes { unsafe write($0, atByte: start) }
    if let failure { throw failure }
  }

  /// Writes bytes at a place in the file.
  ///
  /// - Parameter offset: the bytes before them.
  package func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    let failure = unsafe bytes.withUnsafeBytes { unsafe write($0, atByte: offset) }
    if let failure { throw failure }
  }

  /// Returns the reason why bytes could not be written. Nil when they were.
  private func write(_ bytes: UnsafeRawBufferPointer, atByte offset: Int) -> SystemError? {
    guard let start = bytes.baseAddress else { return nil }
    var done = 0
    while done < bytes.count {
      let count = unsafe pwrite(descriptor, start + done, bytes.count - done, offset + done)
      if count < 0 {
        let error = SystemError.last
        if error.isInterruption { continue }
        return error
      }
      done += count
    }
    return nil
  }

  /// Reads numbers that were written.
  ///
  /// - Parameter offset: the numbers before them.
  package func read(_ values: inout MutableSpan<Double>, at offset: Int) throws(SystemError) {
    let failure = unsafe values.withUnsafeMutableBytes { bytes -> SystemError? in
      guard let start = bytes.baseAddress else { return nil }
      let size = MemoryLayout<Double>.size
      var done = 0
      while done < bytes.count {
        let count = unsafe pread(descriptor, start + done, bytes.count - done, offset * size + done)
        if count < 0 {
          let error = SystemError.last
          if error.isInterruption { continue }
          return error
        }
        precondition(count > 0, "numbers beyond the end of the file")
        done += count
      }
      return nil
    }
    if let failure { throw failure }
  }
}
