package import Tensors
package import YAML

/// A rule for the first values of a parameter.
package protocol Filler: CatalogType {
  /// The values of a parameter of `shape`, row-major; random ones are pure functions of their index.
  func values(of shape: Shape, _ random: RandomStream) -> [Float]
}

/// Every filler, one line each.
package enum FillerCatalog: FieldCatalog {
  package static let all = Catalog<any Filler>(
    of: "filler",
    [
      entry(Constant.self),
      entry(Gaussian.self),
      entry(Uniform.self),
      entry(Xavier.self),
      entry(MSRA.self),
    ])

  private static func entry<Type: Filler>(_ type: Type.Type) -> Catalog<any Filler>.Entry {
    Catalog.Entry(type) { $0 }
  }

  package static func catalogType(_ filler: any Filler) -> any CatalogType { filler }
}

/// A filler as a field of a layer: `xavier`, or `{type: gaussian, std: 0.01}`.
package typealias FillerField = CatalogField<FillerCatalog>

/// The number of connections that `variance_norm` divides by.
package enum VarianceNorm: String, FieldChoice {
  case fanIn = "FAN_IN"
  case fanOut = "FAN_OUT"
  case average = "AVERAGE"

  /// Connections of one output (count / shape[0]), of one input (count / shape[1]), or their mean; as in Caffe.
  func connections(of shape: Shape) -> Double {
    let fanIn = Double(shape.count) / Double(max(shape.axes.first ?? 1, 1))
    let fanOut =
      shape.rank > 1 ? Double(shape.count) / Double(max(shape[1], 1)) : Double(shape.count)
    return switch self {
    case .fanIn: max(fanIn, 1)
    case .fanOut: max(fanOut, 1)
    case .average: max((fanIn + fanOut) / 2, 1)
    }
  }
}
