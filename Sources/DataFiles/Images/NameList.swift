internal import YAML

/// A list with the name of a file in each line. Empty lines are skipped.
package struct NameList: Sendable {
  /// One line of a list.
  package struct Line: Equatable, Sendable {
    package let name: String
    /// The number of the line, counted from 1.
    package let number: Int
  }

  package let lines: [Line]
  /// The list's name in messages.
  package let path: String

  /// Reads a list.
  ///
  /// - Throws: a failure when the list cannot be read or has no names.
  package init(path: String) throws(DataFailure) {
    let bytes = try DataFile(path: path).readAll()
    self.path = path.quotable
    var lines: [Line] = []
    let parts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, bytes) in parts.enumerated() {
      let words = bytes.split { $0 == 0x20 || $0 == 9 || $0 == 13 }
      guard let first = words.first, let last = words.last else { continue }
      let name = String(decoding: bytes[first.startIndex..<last.endIndex], as: UTF8.self)
      lines.append(Line(name: name, number: index + 1))
    }
    guard !lines.isEmpty else {
      throw .content("\(path.quotable): expected the name of an image in each line, received none")
    }
    self.lines = lines
  }
}
