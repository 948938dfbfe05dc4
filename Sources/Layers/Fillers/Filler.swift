package import Fields
package import Kernels
package import Tensors
internal import YAML

/// A rule for the first values of a parameter.
package protocol Filler: CatalogType {
  /// The values of a parameter of `shape`, row-major; random ones are pure functions of their index.
  ///
  /// - Throws: `KernelError` if the memory for them is not there.
  func values(of shape: Shape, _ random: RandomStream) throws(KernelError) -> [Float]

  /// Why the filler has no values for a parameter of `shape`; nil if it has.
  func mistake(for shape: Shape) -> String?
}

extension Filler {
  package func mistake(for shape: Shape) -> String? { nil }
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

/// How the numbers of a variance are spread.
package enum Distribution: String, FieldChoice {
  case normal
  case uniform

  /// Numbers of mean 0: N(0, variance), or U[−√(3·variance), √(3·variance)).
  func values(variance: Double, _ shape: Shape, _ random: RandomStream) -> [Float] {
    switch self {
    case .normal:
      let deviation = variance.squareRoot()
      return (0..<shape.count).map { Float(deviation * random.normal(at: $0)) }
    case .uniform:
      let bound = (3 * variance).squareRoot()
      return (0..<shape.count).map { Float(bound * (2 * random.uniform(at: $0) - 1)) }
    }
  }
}
