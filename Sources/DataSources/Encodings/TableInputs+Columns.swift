package import DataFiles
package import YAML

extension TableInputs {
  /// A column of a table with its encoding.
  package struct Column: Equatable, Sendable {
    package let index: Int
    package let encoding: ColumnEncoding
  }

  /// Finds the columns in a table, and replaces each pattern by the matching columns.
  ///
  /// - Parameters:
  ///   - targets: the target columns, which cannot be inputs.
  ///   - diagnostics: receives each mistake at its item: an unknown column, a pattern without a
  ///     match, a target, or a column that two items mean.
  /// - Returns: nil after a mistake.
  package func columns(
    of header: TableHeader, targets: [String], _ diagnostics: inout Diagnostics
  ) -> [Column]? {
    var places: [String: [Int]] = [:]
    for index in header.named { places[header.names[index], default: []].append(index) }
    let stated = Set(items.filter { !$0.isPattern }.map(\.encoding.column))
    var owners: [Int: String] = [:]
    var columns: [Column] = []
    var isValid = true
    for item in items {
      let name = item.encoding.column
      var found = item.isPattern ? [] : places[name] ?? []
      if item.isPattern {
        let pattern = NamePattern(name)
        found = header.named.filter {
          let other = header.names[$0]
          return pattern.matches(other) && !stated.contains(other) && !targets.contains(other)
        }
      }
      if let message = mistake(item, found, header, targets, stated, &owners) {
        diagnostics.report(Diagnostic(message.text, at: item.mark, suggestion: message.suggestion))
        isValid = false
        continue
      }
      for index in found {
        var encoding = item.encoding
        encoding.column = header.names[index]
        columns.append(Column(index: index, encoding: encoding))
      }
    }
    return isValid ? columns : nil
  }

  /// Returns the reason why an item cannot have the columns `found`. Nil when it can.
  private func mistake(
    _ item: Item, _ found: [Int], _ header: TableHeader, _ targets: [String],
    _ stated: Set<String>, _ owners: inout [Int: String]
  ) -> (text: String, suggestion: String?)? {
    let name = item.encoding.column.quotable
    let path = header.path.quotable
    if targets.contains(item.encoding.column) {
      return ("inputs: expected a column that is not a target, received '\(name)'", nil)
    }
    let known = header.named.map { header.names[$0] }
    guard let first = found.first else {
      guard !item.isPattern else {
        return (
          "inputs: expected a pattern that matches a column of \(path) (\(known.quotedList)), "
            + "received '\(name)'", nil
        )
      }
      return (
        "inputs: expected a column of \(path) (\(known.quotedList)), received '\(name)'",
        known.filter { !stated.contains($0) && !targets.contains($0) }
          .nearest(to: item.encoding.column)
      )
    }
    if !item.isPattern, found.count > 1 {
      return ("inputs: expected every column of \(path) once, received '\(name)' twice", nil)
    }
    if item.encoding.column.utf8.count > TableHeader.nameLimit
      || found.contains(where: { header.names[$0].utf8.count > TableHeader.nameLimit })
    {
      return (
        "inputs: expected a column's name of at most \(TableHeader.nameLimit) bytes, received "
          + "'\(header.names[first].quotable)'", nil
      )
    }
    for index in found {
      if let other = owners[index] {
        return (
          "inputs: expected every column once, received "
            + "'\(header.names[index].quotable)', which '\(name)' and '\(other.quotable)' match",
          nil
        )
      }
      owners[index] = item.encoding.column
    }
    return nil
  }
}
