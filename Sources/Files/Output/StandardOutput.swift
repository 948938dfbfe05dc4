internal import Glibc

/// Writes the results of commands to standard output.
package enum StandardOutput {
  /// Writes text verbatim.
  ///
  /// A closed pipe is not a failure: `dlrun show m.yaml | head -1` has the output that it needs.
  /// The command continues without output and ends with its usual exit code.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` if the system does not accept all of the text.
  package static func write(_ text: String) throws(RunFailure) { try write(Array(text.utf8)) }

  package static func write(_ bytes: [UInt8]) throws(RunFailure) {
    if let error = OpenOutput.write(bytes, to: STDOUT_FILENO), !error.isClosedPipe {
      throw failure(error)
    }
  }

  /// Closes the output. Some file systems report a full disk only at this point.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` if the system lost written data.
  package static func finish() throws(RunFailure) {
    guard close(STDOUT_FILENO) != 0, errno != EBADF else { return }
    throw failure(.last)
  }

  private static func failure(_ error: SystemError) -> RunFailure {
    .environment("cannot write to standard output: \(error)")
  }
}
