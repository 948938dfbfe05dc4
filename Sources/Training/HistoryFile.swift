internal import Glibc
internal import YAML

/// The text of a history on disk, which grows with every checkpoint.
///
/// What a checkpoint counts is on the disk before it: a run that is killed between the two leaves more than its
/// checkpoint knows, which is cut off when the run goes on.
struct HistoryFile {
  let path: String
  /// What is written.
  private(set) var length = Checkpoint.HistoryLength()

  /// A file that is not there yet.
  init(path: String) { self.path = path }

  /// Takes up a file as a checkpoint knows it. What came after is still there until ``cut()``.
  ///
  /// - Parameter history: empty; gets the rows.
  /// - Throws: ``RunFailure`` if the file is shorter than that, or is no such history.
  init(
    path: String, upTo length: Checkpoint.HistoryLength, into history: inout History
  ) throws(RunFailure) {
    self.path = path
    guard length.bytes > 0 else { return }
    guard let bytes = try InputFile.readStart(path, count: length.bytes),
      bytes.count == length.bytes, let text = String(validating: bytes, as: UTF8.self),
      history.append(csv: text[...]), history.iterations.count == length.rows
    else {
      throw .refusedInput(
        "\(path.quotable): expected the \(length.rows) rows that the checkpoint counts")
    }
    self.length = length
  }

  /// Cuts off what is not taken up.
  ///
  /// - Throws: ``RunFailure/environment(_:)``.
  func cut() throws(RunFailure) {
    if length.bytes > 0 { try OutputFile.cut(path, to: length.bytes) }
  }

  /// Writes the rows that are not written yet, in one piece where there are none.
  ///
  /// - Parameter isDurable: waits for the disk, as what a checkpoint counts has to.
  /// - Throws: ``RunFailure/environment(_:)``; what was written before stays.
  mutating func write(_ history: History, isDurable: Bool = false) throws(RunFailure) {
    if length.bytes == 0 {
      let text = Array(history.csv.utf8)
      try OutputFile.write(text, to: path, isDurable: isDurable)
      length.bytes = text.count
    } else {
      let text = Array(history.text(from: length.rows).utf8)
      try OutputFile.append(text, to: path, at: length.bytes)
      length.bytes += text.count
    }
    length.rows = history.iterations.count
  }
}
