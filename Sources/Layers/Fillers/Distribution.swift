internal import Fields
internal import Tensors

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
