/// Lines of comma-separated text (RFC 4180).
package enum CSVText {
  package static func line(_ cells: [String]) -> String {
    // An empty line would not be a row.
    if cells == [""] { return "\"\"\n" }
    return cells.map(quoted).joined(separator: ",") + "\n"
  }

  /// A cell with a comma, a quote or a line break stands in quotes.
  package static func quoted(_ cell: String) -> String {
    // A character may hold several of these bytes, as "\r\n" does.
    guard cell.utf8.contains(where: isSpecial) else { return cell }
    let parts = cell.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + parts.joined(separator: "\"\"") + "\""
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r")
  }
}
