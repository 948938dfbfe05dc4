internal import Files
internal import Glibc
internal import Training
internal import YAML

/// The text of a history on disk, which grows while the training goes on.
///
/// Rows are appended whole, so that the file can be read at any time. What a checkpoint counts is on the disk before it.
/// A run that is killed leaves more rows than its checkpoint knows, which are cut off when the run goes on.
struct HistoryFile {
  let path: String
  /// What is written.
  private(set) var length = Checkpoint.HistoryLength()
  /// Over all that is written.
  private var sum = CRC32()
  /// Whether the disk is known to have the file's name.
  private var hasDurableName = false

  /// A file that is not there yet.
  init(path: String) { self.path = path }

  /// Takes up a file as a checkpoint knows it. What came after is still there until ``cut()``.
  ///
  /// - Parameter history: empty; gets the rows.
  /// - Throws: ``RunFailure`` if the file does not begin with what the checkpoint counts, or is no such history.
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

  /// The bytes that a checkpoint counts.
  ///
  /// - Throws: ``RunFailure`` if there are fewer, or if they were changed since.
  static func content(
    of path: String, upTo length: Checkpoint.HistoryLength
  ) throws(RunFailure) -> [UInt8] {
    guard let bytes = try? InputFile.readStart(path, count: length.bytes),
      bytes.count == length.bytes
    else { throw .refusedInput("counts more than '\(path.quotable)' has") }
    var sum = CRC32()
    sum.add(bytes[...])
    guard sum.text == length.checksum else {
      throw .refusedInput(
        "the first \(length.rows) rows of '\(path.quotable)' were changed: their checksum was "
          + "\(length.checksum.quotable), and is \(sum.text)")
    }
    return bytes
  }

  /// Cuts off what is not taken up.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  func cut() throws(RunFailure) {
    if length.bytes > 0 { try OutputFile.cut(path, to: length.bytes) }
  }

  /// Writes the rows that are not written yet; the whole file in one step where it is not there, or was cut.
  ///
  /// - Parameter isDurable: waits for the disk, as what a checkpoint counts has to.
  /// - Throws: ``RunFailure/environment(_:)``; what was written before stays.
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
