internal import Glibc

/// Results go to standard output, messages to standard error.
enum Console {
  /// A result, with a line break.
  static func result(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// A message, with a line break.
  static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// Text as it is. What nobody can read is dropped: a closed pipe or a full disk stops no
  /// training.
  static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}
