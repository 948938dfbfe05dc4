/// The length of a training in iterations, and the length of its epochs.
///
/// An iteration is one update and takes `iter_size` batches. An iteration may begin in one epoch
/// and end in the next. N epochs have as many iterations as all of their batches need: ⌈N · batches
/// / iter_size⌉.
package struct TrainingLength: Sendable, Equatable {
  /// The iterations of the whole training, at least one.
  package let iterations: Int
  private let batchesPerEpoch: Int
  private let iterationSize: Int

  /// Makes a length from counts.
  ///
  /// - Parameters:
  ///   - iterations: the iterations of the whole training.
  ///   - batchesPerEpoch: the batches of an epoch.
  ///   - iterationSize: the batches of an iteration (`iter_size`).
  package init(iterations: Int, batchesPerEpoch: Int = 1, iterationSize: Int = 1) {
    self.iterations = iterations
    self.batchesPerEpoch = batchesPerEpoch
    self.iterationSize = iterationSize
  }

  /// Converts a stated length. Nil when it has more than ``Duration/limit`` iterations.
  package init?(_ length: Duration, batchesPerEpoch: Int, iterationSize: Int) {
    let epoch = TrainingLength(
      iterations: 1, batchesPerEpoch: batchesPerEpoch, iterationSize: iterationSize)
    let count = epoch.iterations(in: length)
    guard count <= Duration.limit else { return nil }
    self.init(
      iterations: count, batchesPerEpoch: batchesPerEpoch, iterationSize: iterationSize)
  }

  /// Returns the same epochs in a training that ends after `duration`.
  package func ending(after duration: Duration) -> TrainingLength {
    TrainingLength(
      iterations: iterations(in: duration), batchesPerEpoch: batchesPerEpoch,
      iterationSize: iterationSize)
  }

  /// The batches of a duration, or the greatest integer when their number overflows.
  package func batches(in duration: Duration) -> Int {
    switch duration {
    // Both factors have limits that keep their product within 64 bits.
    case .iterations(let count): count * iterationSize
    case .epochs: duration.iterations(perEpoch: batchesPerEpoch) ?? Int.max
    }
  }

  /// The iterations that use all batches of a duration.
  ///
  /// When their number overflows, the result exceeds the length of any training.
  package func iterations(in duration: Duration) -> Int {
    (batches(in: duration) - 1) / iterationSize + 1
  }
}
