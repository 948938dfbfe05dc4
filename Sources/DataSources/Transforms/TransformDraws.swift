internal import Tensors

/// The random numbers of one transform for one example in one epoch.
///
/// They are a pure function of (seed, transform, example, epoch). Therefore they do not depend on the
/// order in which examples are loaded, and other transforms do not shift them.
package struct TransformDraws: Sendable {
  private let stream: RandomStream
  private let first: Int

  /// - Parameters:
  ///   - stream: the stream of the transform in an epoch.
  ///   - example: the number of the example, below 2³¹.
  init(_ stream: RandomStream, example: Int) {
    self.stream = stream
    first = example << 32
  }

  /// Returns the uniform number `index` in [0, 1).
  package func uniform(_ index: Int) -> Double { stream.uniform(at: first | index) }

  /// Returns the uniform number `index` in a range.
  package func uniform(_ index: Int, in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform(index)
  }

  /// Returns a factor, uniform in max(0, 1 − amount) … 1 + amount.
  func factor(_ index: Int, _ amount: Double) -> Double {
    uniform(index, in: max(0, 1 - amount)...1 + amount)
  }

  /// Returns the random integer `index` in 0 … `greatest`.
  package func integer(_ index: Int, upTo greatest: Int) -> Int {
    min(greatest, Int(uniform(index) * Double(greatest + 1)))
  }

  /// Returns the normal number `index` with mean 0 and variance 1. It shares its bits with the uniform
  /// numbers 2·index and 2·index + 1.
  package func normal(_ index: Int) -> Double { stream.normal(at: first >> 1 | index) }
}
