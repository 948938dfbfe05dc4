internal import Files
internal import Glibc
internal import Training
internal import YAML

/// The text of a history on disk, which grows during the training.
///
/// The file can be read at any time, because rows are appended whole. The rows that a checkpoint
/// counts reach the disk before the checkpoint. A killed run leaves more rows than its checkpoint
/// counts. The resumed run cuts them off.
package struct HistoryFile {
  let path: String
  /// The length of the rows that were written.
  private(set) var length = Checkpoint.HistoryLength()
  /// The checksum of these rows.
  private var sum = CRC32()
  /// Whether the file's name is known to be durable on the disk.
  private var hasDurableName = false

  /// Prepares a file that does not exist yet.
  package init(path: String) { self.path = path }

  /// Continues a file up to the length in a checkpoint. Later rows remain in the file until
  /// ``cut()``.
  ///
  /// - Parameter history: An empty history, which receives the rows.
  /// - Throws: ``RunFailure`` if the file does not begin with these rows, or its columns differ.
  init(
    path: String, upTo length: Checkpoint.HistoryLength, into history: inout History
  ) throws(RunFailure) {
    self.path = path
    guard length.bytes > 0 else { return }
    let bytes = try HistoryFile.content(of: path, upTo: length)
    guard let text = String(validating: bytes, as: UTF8.self), history.append(csv: text[...]),
      history.iterations.count == length.rows
    else {
      throw .refusedInput(
        "\(path.quotable): expected the \(length.rows) rows that the checkpoint counts")
    }
    self.length = length
    sum.add(bytes[...])
    hasDurableName = true
  }

  /// Returns the bytes that a checkpoint counts.
  ///
  /// - Throws: ``RunFailure`` if the file has fewer bytes, or they were changed since.
  static func content(
    of path: String, upTo length: Checkpoint.HistoryLength
  ) throws(RunFailure) -> [UInt8] {
    guard let bytes = try? InputFile.readStart(path, count: length.bytes),
      bytes.count == length.bytes
    else { throw .refusedInput("the checkpoint counts more rows than '\(path.quotable)' has") }
    var sum = CRC32()
    sum.add(bytes[...])
    guard sum.text == length.checksum else {
      throw .refusedInput(
        "the first \(length.rows) rows of '\(path.quotable)' were changed: their checksum was "
          + "\(length.checksum.quotable), and is \(sum.text)")
    }
    return bytes
  }

  /// Cuts off the rows after the counted length.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  func cut() throws(RunFailure) {
    if length.bytes > 0 { try OutputFile.cut(path, to: length.bytes) }
  }

  /// Writes the new rows. Replaces the whole file in one step if it is missing or was cut.
  ///
  /// - Parameter isDurable: Whether to wait for the disk. This is necessary for rows that a
  ///   checkpoint counts.
  /// - Throws: ``RunFailure/environment(_:)``. The earlier rows remain.
  mutating func write(_ history: History, isDurable: Bool = false) throws(RunFailure) {
    let isWhole = length.bytes > 0 && (try? InputFile.size(path)) ?? 0 >= length.bytes
    let text = Array((isWhole ? history.text(from: length.rows) : history.csv).utf8)
    if isWhole {
      guard !text.isEmpty || isDurable else { return }
      try OutputFile.append(text, to: path, at: length.bytes, isDurable: isDurable)
      if isDurable, !hasDurableName { try OutputFile.synchronizeFolder(of: path) }
    } else {
      try OutputFile.write(text, to: path, isDurable: isDurable)
      (length, sum, hasDurableName) = (Checkpoint.HistoryLength(), CRC32(), false)
    }
    hasDurableName = hasDurableName || isDurable
    sum.add(text[...])
    length = Checkpoint.HistoryLength(
      rows: history.iterations.count, bytes: length.bytes + text.count, checksum: sum.text)
  }
}
