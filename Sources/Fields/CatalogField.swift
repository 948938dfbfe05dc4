package import YAML

/// A field whose value is a catalog entry: `xavier`, or `{type: gaussian, std: 0.01}`.
package struct CatalogField<Kind: FieldCatalog>: FieldValue {
  package var value: Kind.Product

  package init(_ value: Kind.Product) { self.value = value }

  /// For example "a filler (constant, gaussian)".
  package static var expectation: String {
    "a \(Kind.all.kind) (\(Kind.all.names.joined(separator: ", ")))"
  }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Self> {
    guard node.items == nil, !node.isNull else { return .mismatch }
    let value = Kind.all.decode(node, of: Kind.all.kind, &diagnostics)
    return value.map { .value(Self($0)) } ?? .reported
  }

  /// The bare name if the entry has no fields, or a mapping.
  package var encoded: Node {
    let pairs = Kind.catalogType(value).encodedEntry
    return pairs.count == 1 ? pairs[0].value : Node(.mapping(pairs))
  }
}
