/// Splits comma-separated text into cells.
///
/// Commas separate cells, and LF or CRLF separate rows. A quoted cell may contain both, and doubled
/// quotes. Spaces belong to the cell.
///
/// Reference: Y. Shafranovich, "Common format and MIME type for comma-separated values (CSV)
/// files", RFC 4180, 2005.
enum CSVScanner {
  /// A violation of the format, with its message.
  enum Mistake: String, Error {
    case unclosedQuote = "expected a closing quote, received the end of the file"
    case strayQuote = "expected quotes around the whole cell, received one within it"
    case textAfterQuote = "expected a comma or the end of the line after a closing quote"
    case loneReturn = "expected a line feed after a carriage return"
    case nul = "expected text, received a NUL byte"
  }

  /// Returns the cell at `place`, and moves `place` past the comma or line break after the cell.
  static func next(_ bytes: Span<UInt8>, _ place: inout Int) throws(Mistake) -> CSVCell {
    if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
      return try quoted(bytes, &place)
    }
    let start = place
    while place < bytes.count {
      let byte = bytes[place]
      // Most bytes are digits and letters, whose codes are all above that of the comma.
      if byte <= UInt8(ascii: ",") {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
          var cell = CSVCell(content: start..<place)
          cell.endsRow = try separator(bytes, &place)
          return cell
        case UInt8(ascii: "\""): throw .strayQuote
        case 0: throw .nul
        default: break
        }
      }
      place += 1
    }
    return CSVCell(content: start..<place, endsRow: true)
  }

  private static func quoted(
    _ bytes: Span<UInt8>, _ place: inout Int
  ) throws(Mistake) -> CSVCell {
    place += 1
    let start = place
    var cell = CSVCell(content: start..<start)
    while true {
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
        cell.endsRow = try separator(bytes, &place)
        return cell
      case 0: throw .nul
      default: place += 1
      }
    }
  }

  /// Moves past the separator after a cell. Returns true when the row ends.
  private static func separator(
    _ bytes: Span<UInt8>, _ place: inout Int
  ) throws(Mistake) -> Bool {
    guard place < bytes.count else { return true }
    switch bytes[place] {
    case UInt8(ascii: ","):
      place += 1
      return false
    case UInt8(ascii: "\n"):
      place += 1
      return true
    case UInt8(ascii: "\r"):
      guard place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "\n") else {
        throw .loneReturn
      }
      place += 2
      return true
    case 0: throw .nul
    default: throw .textAfterQuote
    }
  }
}
