package import YAML

/// All entries of one kind (layers, fillers, solvers …), found by their name in `type:`.
package struct Catalog<Product>: Sendable {
  package struct Entry: Sendable {
    package let reference: Reference
    package let type: any CatalogType.Type
    let read: @Sendable (inout FieldReader, inout Diagnostics) -> Product

    /// - Parameter product: converts a value of `type` to the catalog's product. Usually it returns
    ///   the value unchanged.
    package init<Type: CatalogType>(
      _ type: Type.Type, _ product: @escaping @Sendable (Type) -> Product
    ) {
      reference = type.reference
      self.type = type
      read = { reader, diagnostics in
        var value = Type()
        reader.read(into: &value, &diagnostics)
        return product(value)
      }
    }

    /// The fields, which only help pages, records and comparisons read. A run needs those of the few
    /// entries in its file, so they are described on request.
    package var fields: [FieldDescription] { type.fieldDescriptions }
  }

  /// The word for an entry in messages: "layer".
  package let kind: String
  /// The command that lists the names, if they are too many for a message.
  package let listing: String?
  package let entries: [Entry]
  /// The indices of the entries, by name and by alias.
  private let places: [String: Int]

  package init(of kind: String, listing: String? = nil, _ entries: [Entry]) {
    self.kind = kind
    self.listing = listing
    self.entries = entries
    let names = entries.enumerated().flatMap { place, entry in
      ([entry.reference.name] + entry.reference.aliases).map { ($0, place) }
    }
    places = Dictionary(names, uniquingKeysWith: { first, _ in first })
  }

  /// The entry with the name or alias `name`.
  package func entry(named name: String) -> Entry? {
    places[name].map { entries[$0] }
  }

  package var names: [String] { entries.map(\.reference.name) }

  /// The message for an unknown name.
  package func unknown(_ received: String) -> String {
    "unknown \(kind) type \(received) (\(listing == nil ? "known types: " : "")\(known))"
  }

  /// The names for a message, or the command that lists them.
  private var known: String {
    listing.map { "'\($0)' lists them" } ?? names.joined(separator: ", ")
  }

  /// The name nearest to a misspelt one, aliases included.
  package func suggestion(for name: String) -> String? {
    (names + entries.flatMap(\.reference.aliases)).nearest(to: name)
  }

  /// The entry that the value at `key` names. Reports an unknown or missing name and returns nil.
  package func entry(
    of node: Node, key: String = "type", subject: String, _ diagnostics: inout Diagnostics
  ) -> Entry? {
    guard let typeNode = node[key] else {
      diagnostics.error(
        "\(subject): '\(key)' is missing: expected a \(kind) type (\(known))", at: node.mark)
      return nil
    }
    guard let name = typeNode.scalar?.text, let entry = entry(named: name) else {
      diagnostics.error(
        unknown(typeNode.received), at: typeNode.mark,
        suggestion: typeNode.scalar.flatMap { suggestion(for: $0.text) })
      return nil
    }
    return entry
  }

  /// Reads `{type: NAME, field: value, …}`, or a bare `NAME` if the entry has no required field.
  package func decode(
    _ node: Node, key: String = "type", of subject: String, _ diagnostics: inout Diagnostics
  ) -> Product? {
    // A bare name represents a mapping that contains only the type.
    let mapping =
      node.scalar == nil
      ? node
      : Node(.mapping([Node.Pair(key: Node.text(key), value: node)]), at: node.mark)
    guard let entry = entry(of: mapping, key: key, subject: subject, &diagnostics),
      var reader = FieldReader(
        mapping, of: "\(kind) \(entry.reference.name)", &diagnostics)
    else { return nil }
    reader.allow([key])
    let product = entry.read(&reader, &diagnostics)
    reader.finish(&diagnostics)
    return reader.isValid ? product : nil
  }
}

extension Catalog.Entry {
  /// Reads the entry's own fields with a shared reader. For example, a layer's mapping also
  /// contains the common fields.
  package func decode(_ reader: inout FieldReader, _ diagnostics: inout Diagnostics) -> Product {
    read(&reader, &diagnostics)
  }
}
