internal import Files
internal import Glibc
internal import Training
internal import YAML

/// Results go to standard output, messages to standard error.
enum Console {
  /// Prints a result, with a line break.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` where it cannot be written.
  static func result(_ text: String) throws(RunFailure) { try StandardOutput.write(text + "\n") }

  /// Prints a message, with a line break. A message that cannot be written is lost.
  static func error(_ text: String) { write(text + "\n") }

  /// Prints text verbatim to standard error. Nothing that cannot be written there stops a training.
  static func write(_ text: String) {
    _ = OpenOutput.write(Array(text.utf8), to: STDERR_FILENO)
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The columns of the terminal that standard error leads to; nil if it leads elsewhere.
  static var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    if size.ws_col > 0 { return Int(size.ws_col) }
    // Some terminals do not know their size.
    return unsafe getenv("COLUMNS").flatMap { unsafe Int(String(cString: $0)) }
  }
}
