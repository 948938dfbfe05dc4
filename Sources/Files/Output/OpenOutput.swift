internal import Glibc

/// Writes to open descriptors: files, pipes and terminals.
package enum OpenOutput {
  /// Writes all of `bytes`.
  ///
  /// - Returns: the reason why the system accepted fewer bytes. Nil if it accepted all.
  package static func write(_ bytes: [UInt8], to descriptor: CInt) -> SystemError? {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + start }, bytes.count - start)
      }
      if count > 0 {
        start += count
      } else if count < 0, errno == EAGAIN {
        // Another process has made the pipe nonblocking.
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
      } else if count == 0 || errno != EINTR {
        return .last
      }
    }
    return nil
  }

  /// Makes a write beyond the file size limit fail with an error code. By default, a signal ends
  /// the process.
  package static let ignoreSizeSignal: Void = { _ = signal(SIGXFSZ, SIG_IGN) }()
}
