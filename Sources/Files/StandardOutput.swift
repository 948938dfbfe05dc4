internal import Glibc

/// The results of commands, on standard output.
package enum StandardOutput {
  /// Writes text verbatim.
  ///
  /// A pipe that is not read any more is not a failure: `dlrun show m.yaml | head -1` has what it wants. The command goes
  /// on without output, and ends with the code that it would have had.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` where the system does not take all of it.
  package static func write(_ text: String) throws(RunFailure) { try write(Array(text.utf8)) }

  package static func write(_ bytes: [UInt8]) throws(RunFailure) {
    if let error = OpenOutput.write(bytes, to: STDOUT_FILENO), !error.isClosedPipe {
      throw failure(error)
    }
  }

  /// Ends the output. Some file systems report a full disk only now.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` where the system has lost what was written.
  package static func finish() throws(RunFailure) {
    guard close(STDOUT_FILENO) != 0, errno != EBADF else { return }
    throw failure(.last)
  }

  private static func failure(_ error: SystemError) -> RunFailure {
    .environment("cannot write to standard output: \(error)")
  }
}
