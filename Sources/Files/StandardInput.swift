internal import Glibc

/// The standard input of the process, which is read once from start to end.
package enum StandardInput {
  /// Reads the next bytes, at most `count`. Returns fewer only at the end.
  package static func read(atMost count: Int) throws(FileFailure) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = unsafe buffer.baseAddress.map { unsafe $0 + filled }
        let length = unsafe Glibc.read(STDIN_FILENO, rest, count - filled)
        if length == 0 { return }
        if length > 0 {
          filled += length
        } else if errno == EAGAIN {
          // The process before this one may have switched the descriptor to non-blocking.
          var wait = pollfd(fd: STDIN_FILENO, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
          _ = unsafe poll(&wait, 1, -1)
        } else if errno != EINTR {
          failure = .last
          return
        }
      }
    }
    if let failure { throw .cannotRead(failure) }
    return bytes
  }
}
