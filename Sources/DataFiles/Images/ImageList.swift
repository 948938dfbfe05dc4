internal import YAML

/// A list of image files with their labels, as Caffe's tools read it.
///
///     cats/1.jpg 0
///     dogs/a dog.jpg 1
///
/// Each line has a path and an integer label, separated by blanks. A path may contain blanks. Empty
/// lines are skipped.
package struct ImageList: Sendable {
  /// One line of a list.
  package struct Line: Equatable, Sendable {
    package let path: String
    package let label: Int
    /// The number of the line, counted from 1.
    package let number: Int
  }

  package let lines: [Line]
  /// The list's name in messages.
  package let name: String

  /// Reads a list.
  package static func read(path: String) throws(DataFailure) -> ImageList {
    let file = try DataFile(path: path)
    return try ImageList(file.readAll(), name: path)
  }

  package init(_ bytes: [UInt8], name: String) throws(DataFailure) {
    self.name = name.quotable
    var lines: [Line] = []
    var places: [String: Int] = [:]
    let parts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, bytes) in parts.enumerated() {
      func failure(_ message: String) -> DataFailure {
        .content("\(name.quotable): line \(index + 1): \(message)")
      }
      let words = bytes.split { $0 == 0x20 || $0 == 9 || $0 == 13 }
      guard let last = words.last else { continue }
      let text = String(decoding: last, as: UTF8.self)
      guard words.count > 1, let label = Int(text) else {
        throw failure(
          "expected a path and an integer label, received '\(text.quotable)' at the end")
      }
      let path = String(
        decoding: bytes[words[0].startIndex..<words[words.count - 2].endIndex], as: UTF8.self)
      if let earlier = places.updateValue(index + 1, forKey: path) {
        throw failure("expected each file once, received '\(path.quotable)' as in line \(earlier)")
      }
      lines.append(Line(path: path, label: label, number: index + 1))
    }
    guard !lines.isEmpty else {
      throw .content("\(name.quotable): expected lines of a path and a label, received none")
    }
    self.lines = lines
  }
}
