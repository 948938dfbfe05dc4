/// How many iterations a training has, and an epoch of it.
///
/// An iteration is one update, of `iter_size` batches; it may begin in one epoch and end in the next.
/// N epochs are as many iterations as use all of their batches: ⌈N · batches / iter_size⌉.
package struct TrainingLength: Sendable, Equatable {
  /// Of the whole training; at least one.
  package let iterations: Int
  private let batchesPerEpoch: Int
  private let iterationSize: Int

  /// - Parameters:
  ///   - iterations: of the whole training.
  ///   - batchesPerEpoch: batches of an epoch.
  ///   - iterationSize: batches of an iteration.
  package init(iterations: Int, batchesPerEpoch: Int = 1, iterationSize: Int = 1) {
    self.iterations = iterations
    self.batchesPerEpoch = batchesPerEpoch
    self.iterationSize = iterationSize
  }

  /// A training of a stated length; nil if it has more than ``Duration/limit`` iterations.
  package init?(_ length: Duration, batchesPerEpoch: Int, iterationSize: Int) {
    let epoch = TrainingLength(
      iterations: 1, batchesPerEpoch: batchesPerEpoch, iterationSize: iterationSize)
    let count = epoch.iterations(in: length)
    guard count <= Duration.limit else { return nil }
    self.init(
      iterations: count, batchesPerEpoch: batchesPerEpoch, iterationSize: iterationSize)
  }

  /// The same epochs, with the end after `duration`.
  package func ending(after duration: Duration) -> TrainingLength {
    TrainingLength(
      iterations: iterations(in: duration), batchesPerEpoch: batchesPerEpoch,
      iterationSize: iterationSize)
  }

  /// The batches of a duration; the greatest integer where they are more.
  package func batches(in duration: Duration) -> Int {
    switch duration {
    // Both factors are bounded, and their product fits.
    case .iterations(let count): count * iterationSize
    case .epochs: duration.iterations(perEpoch: batchesPerEpoch) ?? Int.max
    }
  }

  /// The iterations that use all batches of a duration; more than any training has where their
  /// number is beyond 64 bits.
  package func iterations(in duration: Duration) -> Int {
    (batches(in: duration) - 1) / iterationSize + 1
  }
}
