/// One cell of a table's text.
struct CSVCell {
  /// The range of the content, without quotes.
  var content: Range<Int>
  /// Whether the content contains doubled quotes. Two quote characters then represent one.
  var hasDoubledQuotes = false
  /// Whether the cell is the last of its row.
  var endsRow = false

  /// Returns the content as text.
  func text(_ bytes: [UInt8]) -> String {
    guard hasDoubledQuotes else { return String(decoding: bytes[content], as: UTF8.self) }
    var plain: [UInt8] = []
    var place = content.lowerBound
    while place < content.upperBound {
      plain.append(bytes[place])
      place += bytes[place] == UInt8(ascii: "\"") ? 2 : 1
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
