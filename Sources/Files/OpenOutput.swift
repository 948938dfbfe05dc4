internal import Glibc

/// Writes to descriptors that are open already: files, pipes, terminals.
package enum OpenOutput {
  /// Writes all of `bytes`.
  ///
  /// - Returns: why the system took less; nil if it took all.
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
        // Another process has made the pipe one that never waits.
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
      } else if count == 0 || errno != EINTR {
        return .last
      }
    }
    return nil
  }

  /// Makes a file beyond the limit of sizes a failure like any other. By default a signal ends the process.
  package static let ignoreSizeSignal: Void = { _ = signal(SIGXFSZ, SIG_IGN) }()
}
