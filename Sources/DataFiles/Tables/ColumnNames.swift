package import Fields
package import YAML

/// One column of a table, or several.
///
///     target: label
///     inputs: [sepal_length, sepal_width]
package struct ColumnNames: FieldValue, Equatable {
  package let names: [String]

  package init(_ names: [String]) { self.names = names }

  package static var expectation: String { "a column's name or a list of names" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<ColumnNames> {
    let names = [String].decode(node, &diagnostics)
    if case .value(let names) = names, let index = names.firstRepetition, let items = node.items {
      return .wrong([
        WrongValue(
          items[index], expected: "every column once",
          received: "'\(names[index].quotable)' twice")
      ])
    }
    return names.compactMap(of: node) { $0.isEmpty || $0.contains("") ? nil : ColumnNames($0) }
  }

  package var encoded: Node { names.count == 1 ? names[0].encoded : names.encoded }
}
