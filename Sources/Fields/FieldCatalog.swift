internal import YAML

/// A catalog whose entries a field of a model file can name.
package protocol FieldCatalog: Sendable {
  /// The type of the catalog's products: `any Filler`.
  associatedtype Product: Sendable
  static var all: Catalog<Product> { get }
  /// The product as the type that declares its fields. Both are the same value.
  static func catalogType(_ product: Product) -> any CatalogType
}
