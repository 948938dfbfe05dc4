/// The text of one document, kept so that messages can show source lines.
///
/// Waypoints make position lookups fast. A thousand messages about one line of 16 MB cost no more
/// than a thousand messages about a short file. The same holds for a file of 16 million lines.
package final class SourceText: Sendable {
  /// The name at the beginning of messages: the path as the user gave it, or `--set`.
  package let name: String
  /// The whole text, decoded to UTF-8 (invalid sequences replaced).
  package let text: String
  /// The reason for a copy of the text. Empty for the text of a file.
  ///
  /// The mark of the last note is where the copy was made. That position may itself be in a copy.
  package let notes: [Diagnostic.Note]
  /// The substitutions in the text of a scalar. Nil except in a copy made for one scalar.
  let writing: WrittenText?
  /// The number of the first line. Differs from 1 if the text is a part of a file.
  private let firstLine: UInt32
  /// The command-line option that gave the value. Nil except in a copy made for one node.
  package let option: OptionValue?
  /// The line and column of every `stride`th byte.
  private let waypoints: [Place]

  private static let stride = 4096

  /// - Parameter firstLine: the number of the first line, if the text is a part of a file.
  package init(name: String, text: String, firstLine: Int = 1) {
    self.name = name
    self.text = text
    self.firstLine = UInt32(clamping: firstLine)
    notes = []
    writing = nil
    option = nil
    var waypoints: [Place] = []
    var place = Place(line: self.firstLine, column: 1)
    let bytes = text.utf8Span.span
    for offset in bytes.indices {
      if offset % SourceText.stride == 0 { waypoints.append(place) }
      place.pass(offset, of: bytes)
    }
    self.waypoints = waypoints
  }

  /// Makes a copy for nodes that are copied from the text. The marks of these nodes identify the
  /// copy, for example one call of a block.
  ///
  /// A copy takes only a few bytes, since it shares the text.
  ///
  /// - Parameter writing: the substitutions in the text of a scalar, for a copy made for one
  ///   scalar.
  package init(
    copying original: SourceText, notes: [Diagnostic.Note], writing: WrittenText? = nil
  ) {
    name = original.name
    text = original.text
    self.notes = notes
    self.writing = writing
    firstLine = original.firstLine
    option = original.option
    waypoints = original.waypoints
  }

  /// Makes a copy for one node that a command-line option states or changes.
  package init(copying original: SourceText, option: OptionValue) {
    name = original.name
    text = original.text
    notes = original.notes
    writing = original.writing
    self.option = option
    firstLine = original.firstLine
    waypoints = original.waypoints
  }

  /// The source of values outside any file: defaults, and documents built in memory.
  package static let generated = SourceText(name: "(default)", text: "")

  /// Line `number`, counted from 1, without its line break. Nil beyond the end.
  package func line(_ number: Int) -> Substring? {
    guard let start = offset(line: number, column: 1) else { return nil }
    let bytes = text.utf8Span.span
    var end = start
    while end < bytes.count, !bytes.isBreak(at: end) { end += 1 }
    return slice(start..<end)
  }

  /// The text around a position: at most `width` scalars of its line on either side.
  package struct Window {
    package let before: Substring
    package let after: Substring
    /// Whether the line continues to the left of `before` and to the right of `after`.
    package let isCut: (left: Bool, right: Bool)
  }

  /// The text around a column. A column beyond the line's end means the end. Nil beyond the last
  /// line.
  package func window(line: Int, column: Int, width: Int) -> Window? {
    guard let place = offset(line: line, column: column) else { return nil }
    let bytes = text.utf8Span.span
    var (start, end) = (place, place)
    for _ in 0..<width {
      guard let previous = bytes.scalar(before: start), !bytes.isBreak(at: previous) else { break }
      start = previous
    }
    for _ in 0..<width where end < bytes.count && !bytes.isBreak(at: end) {
      end = bytes.scalar(after: end)
    }
    let left = bytes.scalar(before: start).map { !bytes.isBreak(at: $0) } ?? false
    return Window(
      before: slice(start..<place), after: slice(place..<end),
      isCut: (left, end < bytes.count && !bytes.isBreak(at: end)))
  }

  /// The position of the scalar at a byte offset of `text`.
  package func mark(at offset: Int) -> Mark {
    let bytes = text.utf8Span.span
    let block = min(offset / SourceText.stride, waypoints.count - 1)
    var place = block < 0 ? Place(line: firstLine, column: 1) : waypoints[block]
    for passed in max(0, block * SourceText.stride)..<min(max(0, offset), bytes.count) {
      place.pass(passed, of: bytes)
    }
    return Mark(source: self, line: Int(place.line), column: Int(place.column))
  }

  /// The byte offset of a position. A column beyond the line's end means the end. Nil beyond the
  /// last line.
  package func offset(line: Int, column: Int) -> Int? {
    guard line >= Int(firstLine) else { return nil }
    let target = Place(line: UInt32(clamping: line), column: UInt32(clamping: max(1, column)))
    let bytes = text.utf8Span.span
    var (low, high) = (0, waypoints.count)
    while low < high {
      let middle = (low + high) / 2
      if waypoints[middle] <= target { low = middle + 1 } else { high = middle }
    }
    var offset = max(0, low - 1) * SourceText.stride
    var place = low == 0 ? Place(line: firstLine, column: 1) : waypoints[low - 1]
    while offset < bytes.count {
      let isWithin = bytes[offset] & 0xC0 == 0x80
      if !isWithin, place >= target || place.line == target.line && bytes.isBreak(at: offset) {
        break
      }
      place.pass(offset, of: bytes)
      offset += 1
    }
    return place.line == target.line ? offset : nil
  }

  private func slice(_ range: Range<Int>) -> Substring {
    let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
    return Substring(text.utf8[start..<text.utf8.index(start, offsetBy: range.count)])
  }
}

/// A line and a column, both counted from 1.
private struct Place: Comparable {
  var line: UInt32
  var column: UInt32

  static func < (left: Place, right: Place) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }

  /// Advances by one byte. A scalar counts at its first byte, a line break at its last.
  mutating func pass(_ offset: Int, of bytes: Span<UInt8>) {
    let byte = bytes[offset]
    let isBreak =
      switch byte {
      case UInt8(ascii: "\n"): true
      case UInt8(ascii: "\r"): !bytes.isCRLF(at: offset)
      default: bytes.endsWideBreak(at: offset)
      }
    if isBreak {
      self = Place(line: line + 1, column: 1)
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }
}

/// YAML's line breaks, as libyaml counts them: LF, CR, CRLF, U+0085, U+2028 and U+2029.
extension Span<UInt8> {
  func isCRLF(at offset: Int) -> Bool {
    self[offset] == UInt8(ascii: "\r") && offset + 1 < count
      && self[offset + 1] == UInt8(ascii: "\n")
  }

  /// Whether a line break begins at the byte.
  func isBreak(at offset: Int) -> Bool {
    switch self[offset] {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
    case 0xC2: offset + 1 < count && endsWideBreak(at: offset + 1)
    case 0xE2: offset + 2 < count && endsWideBreak(at: offset + 2)
    default: false
    }
  }

  /// Whether the byte is the last of U+0085, U+2028 or U+2029.
  func endsWideBreak(at offset: Int) -> Bool {
    switch self[offset] {
    case 0x85: offset >= 1 && self[offset - 1] == 0xC2
    case 0xA8, 0xA9: offset >= 2 && self[offset - 1] == 0x80 && self[offset - 2] == 0xE2
    default: false
    }
  }

  fileprivate func scalar(before offset: Int) -> Int? {
    var offset = offset - 1
    while offset >= 0, self[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset >= 0 ? offset : nil
  }

  fileprivate func scalar(after offset: Int) -> Int {
    var offset = offset + 1
    while offset < count, self[offset] & 0xC0 == 0x80 { offset += 1 }
    return offset
  }
}
