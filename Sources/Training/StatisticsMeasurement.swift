internal import DataSources
internal import Files
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Networks
internal import Plans
internal import Threads

/// Measures the statistics of layers, such as a running mean, for the weights that are in place.
///
/// Averages of the weights need statistics of their own: the moving averages of a training follow the weights of each
/// step. One pass forward over the training part takes the means of the batches' moments, weighted by examples. The batches
/// are those of the first epoch, with their noise, so that the result depends on the weights and the model alone.
///
/// Reference: P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov, A. G. Wilson, "Averaging weights leads to wider optima
/// and better generalization", 2018.
final class StatisticsMeasurement {
  private let source: BatchSource
  private let plans: (full: NetworkPlan?, last: NetworkPlan?)
  private let workers: Workers

  /// Whether the model averages its weights, and has layers that take statistics from batches.
  static func isNeeded(by model: PreparedModel) -> Bool {
    let graph = model.training
    return model.file.solver.averageKept != nil
      && graph.nodes.contains { node in
        node.layer.valuesOfBatchStatistic(graph.inputShapes(of: node), isTraining: true) != nil
      }
  }

  /// - Throws: ``RunFailure`` if the memory is not there.
  init(
    _ model: PreparedModel, _ train: Dataset, store: ParameterStore, cache: ImplementationCache,
    workers: Workers
  ) throws(RunFailure) {
    self.workers = workers
    let part = model.file.data.train
    do throws(KernelError) {
      source = try BatchSource(
        train, batchSize: part.batchSize, shuffles: part.shuffles(in: .train),
        seed: model.file.seed)
    } catch {
      throw .environment(error.message)
    }
    source.begin(epoch: 0)
    plans = try model.plans(
      .train, for: source, purpose: .statistics, store: store, cache: cache)
  }

  /// Replaces the statistics by those of the weights in place.
  ///
  /// - Parameter isStopped: asked before every batch; true leaves the measurement.
  /// - Returns: false where it was left. The statistics are those of some batches then.
  func run(isStopped: () -> Bool) -> Bool {
    let order = source.epochOrder
    var examples = 0
    for batch in 0..<order.batchCount {
      if isStopped() { return false }
      let count = order.batch(batch).count
      guard let plan = count == order.batchSize ? plans.full : plans.last else { continue }
      examples += count
      source.select(batch: batch, number: batch, share: Double(count) / Double(examples))
      plan.plan.run(on: workers)
    }
    return true
  }
}
