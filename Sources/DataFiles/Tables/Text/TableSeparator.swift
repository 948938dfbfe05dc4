internal import Fields

/// The character between the cells of a row.
package enum TableSeparator: String, FieldChoice {
  case comma = ","
  case semicolon = ";"
  case tab = "\t"
  case bar = "|"

  package static var aliases: KeyValuePairs<String, TableSeparator> {
    ["comma": .comma, "semicolon": .semicolon, "tab": .tab, "bar": .bar]
  }

  package static var expectation: String { "one of ',' (comma), ';' (semicolon), tab, '|' (bar)" }

  /// The name in messages.
  package var word: String {
    switch self {
    case .comma: "comma"
    case .semicolon: "semicolon"
    case .tab: "tab"
    case .bar: "bar"
    }
  }

  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .bar: UInt8(ascii: "|")
    }
  }

  /// Returns the only kind of separator that occurs outside quotes in a line. Otherwise the comma.
  static func detected(in line: Span<UInt8>) -> TableSeparator {
    var isQuoted = false
    var found: Set<UInt8> = []
    for index in line.indices {
      let byte = line[index]
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted { found.insert(byte) }
    }
    let kinds = allCases.filter { found.contains($0.byte) }
    return kinds.count == 1 ? kinds[0] : .comma
  }
}
