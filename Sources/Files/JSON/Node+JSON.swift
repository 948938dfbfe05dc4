internal import YAML

extension Node {
  /// The node as JSON, indented by two spaces, with a final line break. A list of scalars takes one
  /// line.
  ///
  /// Numbers keep their values: `0x1F` becomes 31, and a decimal integer of any size keeps its
  /// digits. A number that JSON cannot express becomes a text: `".inf"`, `".nan"`, or a hexadecimal
  /// integer beyond 64 bits. Invisible characters are escaped.
  package var json: String {
    var text = ""
    appendJSON(to: &text, indent: "")
    return text + "\n"
  }

  private func appendJSON(to text: inout String, indent: String) {
    let inner = indent + "  "
    switch value {
    case .scalar(let scalar):
      text += scalar.json
    case .sequence(let items) where items.allSatisfy { $0.scalar != nil }:
      text += "[" + items.compactMap(\.scalar?.json).joined(separator: ", ") + "]"
    case .sequence(let items):
      text += "["
      for (place, item) in items.enumerated() {
        text += (place == 0 ? "\n" : ",\n") + inner
        item.appendJSON(to: &text, indent: inner)
      }
      text += "\n" + indent + "]"
    case .mapping(let pairs):
      text += "{"
      for (place, pair) in pairs.enumerated() {
        guard let key = pair.key.scalar else { preconditionFailure("a key is a scalar") }
        text += (place == 0 ? "\n" : ",\n") + inner + key.text.jsonQuoted + ": "
        pair.value.appendJSON(to: &text, indent: inner)
      }
      text += pairs.isEmpty ? "}" : "\n" + indent + "}"
    }
  }
}

extension Scalar {
  fileprivate var json: String {
    switch resolved {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .hugeInteger: text.decimalDigits ?? text.jsonQuoted
    case .number(let value) where value.isFinite: "\(value)"
    case .number(let value): "\"\(value.isNaN ? ".nan" : value < 0 ? "-.inf" : ".inf")\""
    case .text(let text): text.jsonQuoted
    }
  }
}

extension String {
  /// The integer in JSON's spelling, without `+` and leading zeros. Nil if it is not decimal.
  fileprivate var decimalDigits: String? {
    let digits = drop { $0 == "+" || $0 == "-" }
    guard digits.allSatisfy({ $0.isASCII && $0.isWholeNumber }) else { return nil }
    return (hasPrefix("-") ? "-" : "") + digits.drop { $0 == "0" }
  }

  package var jsonQuoted: String {
    var quoted = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.isUnprintable:
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          quoted += "\\u" + unit.digits(4, radix: 16)
        }
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
