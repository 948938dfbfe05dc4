internal import DataFiles
internal import DataSources
internal import Files
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Networks
internal import Plans
internal import Threads

/// Measures the statistics of layers, such as a running mean, for the current weights.
///
/// Averaged weights need statistics of their own, because the moving averages of a training follow
/// the weights of each step. One forward pass over the train part averages the moments of the
/// batches, weighted by their examples. It uses the batches of the first epoch, with their noise.
/// The result therefore depends only on the weights and the model.
///
/// Reference: P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov, A. G. Wilson, "Averaging weights
/// leads to wider optima and better generalization", 2018.
final class StatisticsMeasurement {
  private let source: BatchSource
  private let plans: (full: NetworkPlan?, last: NetworkPlan?)
  private let workers: Workers

  /// Whether the model averages its weights and has layers with batch statistics.
  static func isNeeded(by model: PreparedModel) -> Bool {
    let graph = model.training
    return model.file.solver.averageKept != nil
      && graph.nodes.contains { node in
        node.layer.batchStatisticCount(
          graph.inputShapes(of: node), isTraining: true) != nil
      }
  }

  /// - Throws: ``RunFailure`` if the memory does not suffice.
  init(
    _ model: PreparedModel, _ train: Dataset, store: ParameterStore, cache: ImplementationCache,
    workers: Workers, loaders: Int
  ) throws(RunFailure) {
    self.workers = workers
    let part = model.file.data.train
    do throws(KernelError) {
      source = try BatchSource(
        train, batchSize: part.batchSize, shuffles: part.shuffles(in: .train),
        seed: model.file.seed, isTraining: true, loaders: loaders)
    } catch {
      throw .environment(error.message)
    }
    source.begin(epoch: 0)
    plans = try model.plans(
      .train, for: source, purpose: .statistics, store: store, cache: cache)
  }

  /// Replaces the statistics by those of the current weights.
  ///
  /// - Parameter isStopped: Called before every batch. True ends the measurement early.
  /// - Returns: False if the measurement ended early. The statistics then cover only some batches.
  /// - Throws: a failure when an example cannot be read.
  func run(isStopped: () -> Bool) throws(DataFailure) -> Bool {
    let order = source.epochOrder
    var examples = 0
    for batch in 0..<order.batchCount {
      if isStopped() { return false }
      let count = order.batch(batch).count
      guard let plan = count == order.batchSize ? plans.full : plans.last else { continue }
      examples += count
      try source.select(batch: batch, number: batch, share: Double(count) / Double(examples))
      plan.plan.run(on: workers)
    }
    return true
  }
}
