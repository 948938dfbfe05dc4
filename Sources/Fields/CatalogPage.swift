internal import YAML

extension Catalog.Entry {
  /// The entry's help page: formula, discussion, fields with meanings and defaults, and an example.
  ///
  /// - Parameters:
  ///   - kind: the word for an entry of the catalog: "layer".
  ///   - common: the fields that every entry has in addition to its own.
  ///   - sections: the fields of related mappings, with a title each.
  package func page(
    kind: String, common: [FieldDescription] = [],
    sections: [(title: String, fields: [FieldDescription])] = []
  ) -> String {
    var lines = ["\(reference.name) (\(kind))"]
    if !reference.aliases.isEmpty {
      lines[0] += ", also called " + reference.aliases.joined(separator: ", ")
    }
    lines += ["", "    \(reference.formula)", "", reference.discussion]
    let groups =
      [("Fields", fields), ("Fields of every \(kind)", common)]
      + sections.map { ("Fields of \($0.title)", $0.fields) }
    for (title, fields) in groups where !fields.isEmpty {
      lines += ["", "\(title):"]
      for field in fields {
        let status =
          field.isRequired
          ? ", required" : field.defaultValue.map { ", default \($0.inlineText)" } ?? ""
        lines.append("  \(field.name): \(field.expectation)\(status)")
        lines.append("      \(field.summary)")
      }
    }
    if groups.flatMap(\.1).contains(where: \.isChoice) {
      lines += ["", "Names of choices may be in capitals or small letters."]
    }
    lines += ["", "Example:", "", "    \(reference.example)"]
    return lines.joined(separator: "\n")
  }
}

extension Catalog {
  /// One line for each entry: name and formula.
  package var list: String {
    let width = names.map(\.count).max() ?? 0
    return entries.map { entry in
      let name = entry.reference.name
      return name + String(repeating: " ", count: width - name.count + 2) + entry.reference.formula
    }.joined(separator: "\n")
  }
}

extension Catalog {
  /// The Markdown tables of the language page. One lists the common fields, if there are any. Each
  /// section has a table, and the last table lists the entries with their own fields.
  package func markdown(
    common: [FieldDescription] = [], sections: [(title: String, fields: [FieldDescription])] = []
  ) -> String {
    let lists = [("every \(kind)", common)] + sections.map { ($0.title, $0.fields) }
    var tables: [String] = []
    for (title, fields) in lists where !fields.isEmpty {
      tables.append(
        Catalog.table(["field of \(title)", "meaning", "values", "default"], fields.map(\.cells)))
    }
    let rows = entries.flatMap { entry -> [[String]] in
      let reference = entry.reference
      let names = ([reference.name] + reference.aliases).map { "`\($0)`" }
      let own = [names.joined(separator: ", "), "`\(reference.formula)`"]
      let fields = entry.fields.isEmpty ? [["", "", "", ""]] : entry.fields.map(\.cells)
      return zip([own] + Array(repeating: ["", ""], count: fields.count - 1), fields).map {
        $0 + $1
      }
    }
    tables.append(
      Catalog.table([kind, "formula", "field", "meaning", "values", "default"], rows))
    return tables.joined(separator: "\n\n")
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows).map { cells in
      "|" + cells.map { $0.isEmpty ? " |" : " \($0.inCell) |" }.joined()
    }.joined(separator: "\n")
  }
}

extension FieldDescription {
  /// Name, meaning, values and default in Markdown.
  fileprivate var cells: [String] {
    let status = isRequired ? "required" : defaultValue.map { "`\($0.inlineText)`" } ?? ""
    return ["`\(name)`", summary, expectation, status]
  }
}

extension String {
  /// The text escaped for a table cell.
  fileprivate var inCell: String {
    split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

extension Node {
  /// The value on one line.
  fileprivate var inlineText: String {
    switch value {
    case .scalar(let scalar): scalar.style == .quoted ? "\"\(scalar.text)\"" : scalar.text
    case .sequence(let items): "[" + items.map(\.inlineText).joined(separator: ", ") + "]"
    case .mapping(let pairs):
      "{" + pairs.map { "\($0.key.inlineText): \($0.value.inlineText)" }.joined(separator: ", ")
        + "}"
    }
  }
}
