internal import Fields

/// The mark between the integer and the fraction of a number.
package enum DecimalMark: String, FieldChoice {
  case point = "."
  case comma = ","

  package static var expectation: String { "'.' or ','" }

  var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
}
