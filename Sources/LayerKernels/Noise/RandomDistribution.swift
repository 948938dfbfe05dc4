package import Tensors

/// The distribution of the elements of a random tensor.
package enum RandomDistribution: Sendable, Hashable {
  /// Uniform from `low` to below `high`.
  case uniform(low: Double, high: Double)
  case normal(mean: Double, deviation: Double)

  /// Returns the number at `index` of the stream.
  @inline(__always)
  package func number(_ stream: RandomStream, at index: Int) -> Float {
    switch self {
    case .uniform(let low, let high): Float(low + (high - low) * stream.uniform(at: index))
    case .normal(let mean, let deviation): Float(mean + deviation * stream.normal(at: index))
    }
  }
}
