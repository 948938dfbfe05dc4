internal import Files
internal import Glibc

/// Writes results to standard output, and messages to standard error.
enum Console {
  /// Prints a result with a line break.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` when writing fails.
  static func result(_ text: String) throws(RunFailure) { try StandardOutput.write(text + "\n") }

  /// Prints a message with a line break. A failure to write it has no effect.
  static func error(_ text: String) { write(text + "\n") }

  /// Prints text verbatim to standard error. A failure to write it has no effect, so that training
  /// continues.
  static func write(_ text: String) {
    _ = OpenOutput.write(Array(text.utf8), to: STDERR_FILENO)
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The columns of the terminal behind standard error. Nil when it is not a terminal.
  static var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    if size.ws_col > 0 { return Int(size.ws_col) }
    // Some terminals do not know their size.
    return unsafe getenv("COLUMNS").flatMap { unsafe Int(String(cString: $0)) }
  }
}
