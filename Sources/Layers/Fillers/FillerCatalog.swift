package import Fields

/// The catalog of fillers, one line each.
package enum FillerCatalog: FieldCatalog {
  /// All fillers, in the order of the help pages.
  package static let all = Catalog<any Filler>(
    of: "filler",
    [
      entry(Constant.self),
      entry(Gaussian.self),
      entry(Uniform.self),
      entry(Xavier.self),
      entry(MSRA.self),
      entry(LeCun.self),
      entry(TruncatedGaussian.self),
      entry(Orthogonal.self),
      entry(PositiveUnitBall.self),
      entry(Bilinear.self),
      entry(Identity.self),
    ])

  private static func entry<Type: Filler>(_ type: Type.Type) -> Catalog<any Filler>.Entry {
    Catalog.Entry(type) { $0 }
  }

  package static func catalogType(_ filler: any Filler) -> any CatalogType { filler }
}

/// A filler as a field of a layer: `xavier`, or `{type: gaussian, std: 0.01}`.
package typealias FillerField = CatalogField<FillerCatalog>
