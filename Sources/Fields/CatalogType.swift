package import YAML

/// A type that a catalog can list. It documents itself and declares its fields.
package protocol CatalogType: FieldOwner {
  static var reference: Reference { get }
}

extension CatalogType {
  /// The entry as a model file would state it: `type` and all its fields.
  package var encodedEntry: [Node.Pair] {
    [Node.Pair(key: .text("type"), value: .text(Self.reference.name))] + encodedFields
  }
}
