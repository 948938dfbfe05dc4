internal import YAML

extension Catalog.Entry {
  /// The entry's help page: formula, discussion, fields with their meaning and defaults, an example.
  ///
  /// - Parameters:
  ///   - kind: what the catalog lists: "layer".
  ///   - common: the fields that every entry has beside its own.
  package func page(kind: String, common: [FieldDescription] = []) -> String {
    var lines = ["\(reference.name) (\(kind))"]
    if !reference.aliases.isEmpty {
      lines[0] += ", also called " + reference.aliases.joined(separator: ", ")
    }
    lines += ["", "    \(reference.formula)", "", reference.discussion]
    for (title, fields) in [("Fields", fields), ("Fields of every \(kind)", common)]
    where !fields.isEmpty {
      lines += ["", "\(title):"]
      for field in fields {
        let status =
          field.isRequired
          ? ", required" : field.defaultValue.map { ", default \($0.inlineText)" } ?? ""
        lines.append("  \(field.name): \(field.expectation)\(status)")
        lines.append("      \(field.summary)")
      }
    }
    if (fields + common).contains(where: \.isChoice) {
      lines += ["", "Names of choices may be in capitals or small letters."]
    }
    lines += ["", "Example:", "", "    \(reference.example)"]
    return lines.joined(separator: "\n")
  }
}

extension Catalog {
  /// A line for every entry: name and formula.
  package var list: String {
    let width = names.map(\.count).max() ?? 0
    return entries.map { entry in
      let name = entry.reference.name
      return name + String(repeating: " ", count: width - name.count + 2) + entry.reference.formula
    }.joined(separator: "\n")
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
