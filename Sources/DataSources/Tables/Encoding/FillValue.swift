package import Fields
package import YAML

/// A value that replaces missing values: `0`, `Berlin`, `2024-03-01`.
///
/// A number has a point, and a date is ISO 8601 also where the table has another form.
package struct FillValue: FieldValue, Equatable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static var expectation: String { "a value of the column" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<FillValue> {
    guard let text = node.optionText ?? node.scalar?.text, !node.isNull else { return .mismatch }
    return .value(FillValue(text))
  }

  package var encoded: Node {
    switch Scalar(text: text, style: .plain).resolved {
    case .integer, .number, .boolean: .plain(text)
    default: .text(text)
    }
  }
}
