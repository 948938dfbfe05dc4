package import DataFiles
package import YAML

extension TableInputs {
  /// A column of a table with its encoding.
  package struct Column: Equatable, Sendable {
    package let index: Int
    package let encoding: ColumnEncoding
    /// The position of the item that states the column. Nil when no item does.
    package let mark: Mark?

    package init(index: Int, encoding: ColumnEncoding, mark: Mark? = nil) {
      self.index = index
      self.encoding = encoding
      self.mark = mark
    }

    package static func == (left: Column, right: Column) -> Bool {
      left.index == right.index && left.encoding == right.encoding
    }
  }

  /// The names and patterns of the list.
  package var names: [String] { items.map(\.encoding.column) }

  /// Whether the list alone shows the width of the inputs: it has no patterns, and states all
  /// categories.
  package var isFitted: Bool { items.allSatisfy { $0.encoding.isFitted } }

  /// The number of values of an example. Nil when only the table shows it.
  package var width: Int? {
    guard isFitted, !items.contains(where: \.isPattern) else { return nil }
    return items.reduce(0) { $0 + $1.encoding.width }
  }

  /// Finds the columns in a table, and replaces each pattern by the matching columns.
  ///
  /// - Parameter targets: the target columns, which cannot be inputs, and other columns that a
  ///   pattern does not mean.
  /// - Throws: an unknown column, a pattern without a match, a target, or a column that two items
  ///   mean.
  package func columns(
    of header: TableHeader, targets: [String]
  ) throws(DataFailure) -> [Column] {
    let stated = items.filter { !$0.isPattern }.map(\.encoding.column)
    var found: [Item] = []
    for item in items {
      guard item.isPattern else {
        found.append(item)
        continue
      }
      let pattern = NamePattern(item.encoding.column)
      let known = header.named.map { header.names[$0] }
      let names = known.filter {
        pattern.matches($0) && !stated.contains($0) && !targets.contains($0)
      }
      guard !names.isEmpty else {
        throw .content(
          "\(header.path.quotable): expected a column that matches "
            + "'\(item.encoding.column.quotable)', received \(known.quotedList)")
      }
      for name in names {
        var encoding = item.encoding
        encoding.column = name
        found.append(Item(encoding: encoding, mark: item.mark))
      }
    }
    let indices = try header.columns(named: found.map(\.encoding.column), besides: targets)
    return zip(indices, found).map { index, item in
      Column(index: index, encoding: item.encoding, mark: item.mark.isNone ? nil : item.mark)
    }
  }
}
