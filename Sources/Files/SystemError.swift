internal import Glibc

/// Why the system refused a call.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  private let code: CInt

  /// Whether the reader of a pipe is gone.
  package var isClosedPipe: Bool { code == EPIPE }

  /// That of the call before.
  package static var last: SystemError { SystemError(code: errno) }

  /// "No such file or directory"
  package var description: String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
