internal import YAML

/// A whole file in memory.
enum InputFile {
  /// The most that is read: 16 GiB, more than any machine of the kind has.
  private static let limit = 16 << 30

  /// - Throws: ``RunFailure`` for what cannot be read, or is no regular file.
  static func read(_ path: String) throws(RunFailure) -> [UInt8] {
    do throws(ReadFailure) {
      return try RegularFile(path: path).read(upTo: limit)
    } catch {
      switch error {
      case .io(let message): throw .environment(message)
      case .content(let diagnostics): throw .refused(diagnostics)
      }
    }
  }
}
