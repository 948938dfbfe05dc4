internal import Fields

/// The mark between groups of three digits: `1.234.567` or `1 234 567`.
package enum GroupMark: String, FieldChoice {
  case point = "."
  case comma = ","
  case apostrophe = "'"
  case space = " "
  case underscore = "_"

  package static var expectation: String { "one of '.', ',', ''', ' ', '_'" }

  var byte: UInt8 {
    switch self {
    case .point: UInt8(ascii: ".")
    case .comma: UInt8(ascii: ",")
    case .apostrophe: UInt8(ascii: "'")
    case .space: UInt8(ascii: " ")
    case .underscore: UInt8(ascii: "_")
    }
  }
}
