package import Fields

/// All data sources, found by the name in `source:`.
package enum DataSourceCatalog {
  package static let all = Catalog<any DataSource>(
    of: "data source",
    [
      entry(Spiral.self),
      entry(Moons.self),
      entry(Circles.self),
      entry(Blobs.self),
      entry(XOR.self),
      entry(CSV.self),
      entry(IDX.self),
      entry(NPY.self),
      entry(CIFAR.self),
      entry(Images.self),
      entry(GeneratedImages.self),
      entry(GeneratedShapes.self),
    ])

  private static func entry<Source: DataSource>(
    _ source: Source.Type
  ) -> Catalog<any DataSource>.Entry {
    Catalog.Entry(source) { $0 }
  }
}
