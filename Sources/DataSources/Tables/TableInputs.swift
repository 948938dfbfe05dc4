internal import DataFiles
package import Fields
package import YAML

/// The input columns of a table: names, patterns, and columns with an encoding.
///
///     inputs: [age, "x*", {column: city, type: category}]
///
/// A star in a pattern stands for any text, also for none. A pattern means the matching columns in
/// the order of the table, except columns that the list names and targets. Its settings hold for
/// each of them.
package struct TableInputs: FieldValue, Equatable {
  package struct Item: Equatable, Sendable {
    package let encoding: ColumnEncoding
    /// The position of the item in the model file.
    package let mark: Mark

    package static func == (left: Item, right: Item) -> Bool { left.encoding == right.encoding }

    /// Whether the item is a pattern.
    var isPattern: Bool { encoding.column.contains("*") }
  }

  package let items: [Item]

  /// Makes the list of a resolved model file.
  package init(_ encodings: [ColumnEncoding]) {
    items = encodings.map { Item(encoding: $0, mark: .none) }
  }

  private init(items: [Item]) { self.items = items }

  package static var expectation: String {
    "a list of columns, each a name, a pattern or a mapping with 'column'"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<TableInputs> {
    let nodes = node.items ?? [node]
    guard !nodes.isEmpty else { return .mismatch }
    var items: [Item] = []
    var wrong: [WrongValue] = []
    var isReported = false
    var seen: Set<String> = []
    for item in nodes {
      let encoding: ColumnEncoding
      if item.pairs != nil {
        guard let read = item.decode(ColumnEncoding.self, of: "column", &diagnostics) else {
          isReported = true
          continue
        }
        encoding = read
      } else if let name = item.optionText ?? item.scalar?.text, !item.isNull, !name.isEmpty {
        encoding = ColumnEncoding(column: name)
      } else {
        wrong.append(WrongValue(item, expected: "a column's name, a pattern or a mapping"))
        continue
      }
      guard seen.insert(encoding.column).inserted else {
        wrong.append(
          WrongValue(
            item["column"] ?? item, expected: "every column once",
            received: "'\(encoding.column.quotable)' twice"))
        continue
      }
      items.append(Item(encoding: encoding, mark: item.mark))
    }
    if !wrong.isEmpty { return .wrong(wrong) }
    return isReported ? .reported : .value(TableInputs(items: items))
  }

  package var encoded: Node {
    .sequence(
      items.map {
        $0.encoding == ColumnEncoding(column: $0.encoding.column)
          ? .text($0.encoding.column) : Node(.mapping($0.encoding.encodedFields))
      })
  }
}
