internal import Fields
internal import Tensors

/// The distribution of random numbers with a given variance.
package enum Distribution: String, FieldChoice {
  /// N(0, variance).
  case normal
  /// U[−√(3·variance), √(3·variance)).
  case uniform

  /// Returns numbers with mean 0 and the given variance, row-major.
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
