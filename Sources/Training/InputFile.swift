internal import YAML

/// A whole file in memory.
enum InputFile {
  /// The most that is read: 16 GiB, more than any machine of the kind has.
  private static let limit = 16 << 30

  /// - Throws: ``RunFailure`` for what cannot be read, or is no regular file.
  static func read(_ path: String) throws(RunFailure) -> [UInt8] {
    do throws(FileFailure) {
      return try RegularFile(path: path).readAll(upTo: limit)
    } catch {
      throw RunFailure(ReadFailure(error, path: path))
    }
  }
}
