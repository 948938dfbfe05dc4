internal import Tensors

/// Random inputs of a test, identical in every run.
package struct SeededNumbers: RandomNumberGenerator {
  private let stream: RandomStream
  private var index = 0

  /// - Parameter seed: the seed. Tests use different seeds, so that they see different numbers.
  package init(seed: Int) { stream = RandomStream(seed: seed, purpose: .split) }

  package mutating func next() -> UInt64 {
    defer { index += 1 }
    return stream.bits(at: index)
  }

  /// `count` numbers in `range`.
  package mutating func floats(
    _ count: Int, in range: ClosedRange<Float> = -1...1
  ) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }

  /// `count` class indices below `classes`, as labels are stored.
  package mutating func labels(_ count: Int, of classes: Int) -> [Float] {
    (0..<count).map { _ in Float(Int.random(in: 0..<classes, using: &self)) }
  }
}
