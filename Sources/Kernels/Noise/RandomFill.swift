package import Tensors

/// A distribution of which each element of a tensor is drawn.
package enum RandomDistribution: Sendable, Hashable {
  /// From `low` to below `high`.
  case uniform(low: Double, high: Double)
  case normal(mean: Double, deviation: Double)

  /// The number at `index` of the stream.
  @inline(__always)
  package func number(_ stream: RandomStream, at index: Int) -> Float {
    switch self {
    case .uniform(let low, let high): Float(low + (high - low) * stream.uniform(at: index))
    case .normal(let mean, let deviation): Float(mean + deviation * stream.normal(at: index))
    }
  }
}

/// result = random numbers, those of each step its own.
package struct RandomFill: Kernel {
  private let distribution: RandomDistribution
  private let stream: RandomStream
  private let step: View<Int>?
  private let first: Int
  private let result: FloatView

  /// - Parameters:
  ///   - step: the number of the step, set before each run; nil: the same numbers in every run.
  ///   - first: the place of the slice's first element in the whole batch.
  package init(
    _ distribution: RandomDistribution, _ stream: RandomStream, step: View<Int>?, first: Int,
    to result: FloatView
  ) {
    self.distribution = distribution
    self.stream = stream
    self.step = step?.checked(1)
    self.first = first
    self.result = result
  }

  package func run() {
    let stream = step.map { self.stream.step($0[0]) } ?? stream
    for index in 0..<result.count {
      result[index] = distribution.number(stream, at: first &+ index)
    }
  }
}
