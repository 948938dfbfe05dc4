/// Splits text into cells.
///
/// A separator divides cells, and LF or CRLF divides rows. A quoted cell may contain both, and
/// doubled quotes. Spaces belong to the cell.
///
/// Reference: Y. Shafranovich, "Common format and MIME type for comma-separated values (CSV)
/// files", RFC 4180, 2005.
struct CellScanner {
  let separator: UInt8
  /// The word for the separator in messages.
  let word: String

  init(_ separator: TableSeparator) {
    self.separator = separator.byte
    word = separator.word
  }

  /// The greatest size of a cell in bytes: 1 MiB.
  static let cellLimit = 1 << 20

  /// A violation of the format.
  enum Mistake: Error {
    case unclosedQuote
    case strayQuote
    case textAfterQuote
    case loneReturn
    case nul
    case longCell
    case longQuotedCell
  }

  func message(_ mistake: Mistake) -> String {
    switch mistake {
    case .unclosedQuote: "expected a closing quote, received the end of the file"
    case .strayQuote: "expected quotes around the whole cell, received one within it"
    case .textAfterQuote: "expected a \(word) or the end of the line after a closing quote"
    case .loneReturn: "expected a line feed after a carriage return"
    case .nul: "expected text, received a NUL byte"
    case .longCell: "expected a cell of at most \(CellScanner.cellLimit) bytes, received more"
    case .longQuotedCell:
      "expected a closing quote within \(CellScanner.cellLimit) bytes, received none"
    }
  }

  /// A cell of the text.
  struct Cell {
    /// The range of the content, without quotes.
    var content: Range<Int>
    var isQuoted = false
    /// Whether the content contains doubled quotes. Two quote characters then represent one.
    var hasDoubledQuotes = false

    /// Returns the content without doubled quotes.
    func bytes(_ text: Span<UInt8>) -> [UInt8] {
      var plain: [UInt8] = []
      plain.reserveCapacity(content.count)
      var place = content.lowerBound
      while place < content.upperBound {
        plain.append(text[place])
        place += hasDoubledQuotes && text[place] == UInt8(ascii: "\"") ? 2 : 1
      }
      return plain
    }

    /// Returns the content as text.
    func text(_ text: Span<UInt8>) -> String { String(decoding: bytes(text), as: UTF8.self) }
  }

  /// The element after a cell: another cell, another row, or the end of the text.
  enum Ending {
    case cell
    case row
    /// The text ends without a line break.
    case text
  }

  /// Returns the cell at `place`, and moves `place` to the byte after the content and its quotes.
  func next(_ bytes: Span<UInt8>, _ place: inout Int) throws(Mistake) -> Cell {
    if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
      return try quoted(bytes, &place)
    }
    let start = place
    try skip(bytes, &place)
    return Cell(content: start..<place)
  }

  /// Moves `place` past a cell without quotes.
  @inline(__always)
  func skip(_ bytes: Span<UInt8>, _ place: inout Int) throws(Mistake) {
    let start = place
    // Finds the separator and control characters in eight bytes at a time. The test has no false
    // results below the first byte that it finds.
    let wanted = UInt64(separator) &* 0x0101_0101_0101_0101
    while place + 8 <= bytes.count {
      let marks = CellScanner.marks(bytes.word(at: place), wanted)
      if marks != 0 {
        place += marks.trailingZeroBitCount >> 3
        let byte = bytes[place]
        if byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
          guard place - start <= CellScanner.cellLimit else { throw .longCell }
          return
        }
        if byte == UInt8(ascii: "\"") { throw .strayQuote }
        if byte == 0 { throw .nul }
        place += 1
      } else {
        place += 8
      }
    }
    while place < bytes.count {
      let byte = bytes[place]
      if byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if byte == UInt8(ascii: "\"") { throw .strayQuote }
      if byte == 0 { throw .nul }
      place += 1
    }
    guard place - start <= CellScanner.cellLimit else { throw .longCell }
  }

  /// Sets the top bit of each byte that is the separator, a quote, or below 14.
  @inline(__always)
  static func marks(_ word: UInt64, _ separator: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    let other = word ^ separator
    let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    return
      (((other &- ones) & ~other) | ((quote &- ones) & ~quote)
      | ((word &- ones &* 14) & ~word)) & tops
  }

  private func quoted(_ bytes: Span<UInt8>, _ place: inout Int) throws(Mistake) -> Cell {
    place += 1
    let start = place
    var cell = Cell(content: start..<start, isQuoted: true)
    while true {
      guard place - start <= CellScanner.cellLimit else { throw .longQuotedCell }
      guard place < bytes.count else { throw .unclosedQuote }
      switch bytes[place] {
      case UInt8(ascii: "\""):
        if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "\"") {
          cell.hasDoubledQuotes = true
          place += 2
          continue
        }
        cell.content = start..<place
        place += 1
        return cell
      case 0: throw .nul
      default: place += 1
      }
    }
  }

  /// Moves `place` past the separator or line break after a cell.
  @inline(__always)
  func end(_ bytes: Span<UInt8>, _ place: inout Int) throws(Mistake) -> Ending {
    guard place < bytes.count else { return .text }
    let byte = bytes[place]
    if byte == separator {
      place += 1
      return .cell
    }
    switch byte {
    case UInt8(ascii: "\n"):
      place += 1
      return .row
    case UInt8(ascii: "\r"):
      guard place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "\n") else {
        throw .loneReturn
      }
      place += 2
      return .row
    case 0: throw .nul
    default: throw .textAfterQuote
    }
  }
}
