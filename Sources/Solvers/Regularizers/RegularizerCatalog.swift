package import Fields

/// All regularizers, one line each.
package enum RegularizerCatalog: FieldCatalog {
  package static let all = Catalog<any Regularizer>(
    of: "regularizer",
    [
      entry(L2.self),
      entry(L1.self),
      entry(Elastic.self),
      entry(MaxNorm.self),
    ])

  private static func entry<Type: Regularizer>(_ type: Type.Type) -> Catalog<any Regularizer>.Entry
  {
    Catalog.Entry(type) { $0 }
  }

  package static func catalogType(_ regularizer: any Regularizer) -> any CatalogType { regularizer }
}
