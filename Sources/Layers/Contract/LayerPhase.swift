package import Kernels
package import Plans

/// The phase that a plan is recorded for, from the view of one layer.
package struct LayerPhase: Sendable {
  /// True in the training phase: the layer takes statistics from the batch and draws noise.
  package let isTraining: Bool
  /// The number of examples by which a sum is divided to give the objective.
  ///
  /// In training this is the size of the batch. In testing it is the size of a training batch, for
  /// test batches of any size.
  package let objectiveBatchSize: Int
  /// The number of examples in the largest batch of the data. The last batch of an epoch can be
  /// shorter.
  package let fullBatchSize: Int
  /// The random numbers of the layer. Nil outside training, and in a plan that only estimates
  /// memory.
  package let noise: NoiseSource?
  /// The weight of the batch in statistics that are measured over several batches. The caller sets
  /// it before each run. Nil if statistics are moving averages.
  package let measuredShare: DoubleView?
  /// The weights of the examples [N], which a loss reads. Nil when all examples count alike.
  package let exampleWeights: Slot?

  package init(
    isTraining: Bool = true, objectiveBatchSize: Int, fullBatchSize: Int,
    noise: NoiseSource? = nil, measuredShare: DoubleView? = nil, exampleWeights: Slot? = nil
  ) {
    self.exampleWeights = exampleWeights
    self.isTraining = isTraining
    self.objectiveBatchSize = objectiveBatchSize
    self.fullBatchSize = fullBatchSize
    self.noise = noise
    self.measuredShare = measuredShare
  }

  /// Returns the same phase for a layer inside this layer, with separate random numbers.
  func part(_ name: String) -> LayerPhase {
    LayerPhase(
      isTraining: isTraining, objectiveBatchSize: objectiveBatchSize,
      fullBatchSize: fullBatchSize, noise: noise?.part(name), measuredShare: measuredShare)
  }
}
