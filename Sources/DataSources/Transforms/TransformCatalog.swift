package import Fields

/// All transforms, found by the name in `type:`.
package enum TransformCatalog {
  package static let all = Catalog<any Transform>(
    of: "transform",
    [
      entry(Resize.self),
      entry(Crop.self),
      entry(Mirror.self),
      entry(Rotate.self),
      entry(Affine.self),
      entry(Brightness.self),
      entry(Contrast.self),
      entry(Saturation.self),
      entry(Grayscale.self),
      entry(RandomErase.self),
      entry(GaussianNoise.self),
      entry(Mean.self),
      entry(Scale.self),
      entry(Standardize.self),
      entry(OneHot.self),
      entry(Mixup.self),
    ])

  private static func entry<Type: Transform>(_ type: Type.Type) -> Catalog<any Transform>.Entry {
    Catalog.Entry(type) { $0 }
  }
}
