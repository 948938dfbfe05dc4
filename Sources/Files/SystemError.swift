internal import Glibc

/// The reason why a system call failed.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  private let code: CInt

  /// Whether the reader of a pipe has closed it.
  package var isClosedPipe: Bool { code == EPIPE }

  /// Whether a signal interrupted the call, which can be repeated.
  var isInterruption: Bool { code == EINTR }

  /// The error of the last system call.
  package static var last: SystemError { SystemError(code: errno) }

  /// For example "No such file or directory".
  package var description: String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
