package import Kernels

/// The phase that a plan is recorded for, as one layer sees it.
package struct LayerPhase: Sendable {
  /// True if the layer learns: it takes statistics from the batch and draws noise.
  package let isTraining: Bool
  /// The number of examples that a sum is divided by to give the objective. In training the examples of the batch; in
  /// testing those of a training batch, whatever the size of the test's batch.
  package let objectiveBatchSize: Int
  /// How many examples the largest batch of the data has. The last batch of an epoch can have fewer.
  package let fullBatchSize: Int
  /// Nil outside of training, and in a plan that only estimates memory.
  package let noise: NoiseSource?
  /// The weight of the batch in statistics that are measured anew over several batches, set before each run. Nil if
  /// statistics are moving averages.
  package let measuredShare: DoubleView?

  package init(
    isTraining: Bool = true, objectiveBatchSize: Int, fullBatchSize: Int,
    noise: NoiseSource? = nil, measuredShare: DoubleView? = nil
  ) {
    self.isTraining = isTraining
    self.objectiveBatchSize = objectiveBatchSize
    self.fullBatchSize = fullBatchSize
    self.noise = noise
    self.measuredShare = measuredShare
  }

  /// The same phase for a layer inside the layer, which draws noise of its own.
  func part(_ name: String) -> LayerPhase {
    LayerPhase(
      isTraining: isTraining, objectiveBatchSize: objectiveBatchSize,
      fullBatchSize: fullBatchSize, noise: noise?.part(name), measuredShare: measuredShare)
  }
}
