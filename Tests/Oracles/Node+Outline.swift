package import YAML

/// Parses a text that has no mistakes.
package func parsed(_ text: String) throws(Diagnostics) -> Node {
  try Node.parse(Array(text.utf8), name: "test.yaml")
}

extension Node {
  /// The values without their positions: `{"a": [1, 1.0, "text", null]}`.
  package var outline: String {
    switch value {
    case .scalar(let scalar):
      switch scalar.resolved {
      case .null: "null"
      case .boolean(let value): "\(value)"
      case .integer(let value): "\(value)"
      case .hugeInteger: "huge \(scalar.text)"
      case .number(let value): "\(value)"
      case .text(let text): text.debugDescription
      }
    case .sequence(let items): "[\(items.map(\.outline).joined(separator: ", "))]"
    case .mapping(let pairs):
      "{\(pairs.map { "\($0.key.outline): \($0.value.outline)" }.joined(separator: ", "))}"
    }
  }
}
