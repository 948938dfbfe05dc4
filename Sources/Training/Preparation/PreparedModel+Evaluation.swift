internal import DataFiles
internal import DataSources
internal import Files
internal import Kernels
internal import ModelFiles
internal import Networks
internal import Plans

extension PreparedModel {
  /// Makes the plans for the full batches and for the short last batch of a data set. Nil for a
  /// size that does not occur.
  func plans(
    _ phase: DataPhase, for source: BatchSource, purpose: NetworkPlan.Purpose,
    store: ParameterStore, cache: ImplementationCache
  ) throws(RunFailure) -> (full: NetworkPlan?, last: NetworkPlan?) {
    let order = source.epochOrder
    let short = order.count % order.batchSize
    func plan(_ size: Int) throws(RunFailure) -> NetworkPlan {
      let graph = try graph(phase, batchSize: size)
      do throws(KernelError) {
        return try NetworkPlan(
          graph, purpose: purpose, store: store, source: source, shards: file.solver.shards,
          cache: cache)
      } catch {
        throw .environment(error.message)
      }
    }
    return (
      order.count >= order.batchSize ? try plan(order.batchSize) : nil,
      short > 0 ? try plan(short) : nil
    )
  }
}
