package import DataFiles
package import DataSources
package import Files
internal import Kernels
internal import ModelFiles
package import Networks
package import Plans
package import Threads

/// Runs the network of the test phase over all examples of a data set.
package final class Evaluator {
  let source: BatchSource
  private let full: NetworkPlan?
  private let last: NetworkPlan?
  private let ranking: Ranking?
  private let workers: Workers

  /// - Throws: ``RunFailure`` if the memory does not suffice.
  package init(
    _ model: PreparedModel, _ dataset: Dataset, batchSize: Int, purpose: NetworkPlan.Purpose,
    store: ParameterStore, cache: ImplementationCache, workers: Workers, loaders: Int? = nil
  ) throws(RunFailure) {
    self.workers = workers
    ranking = model.ranking
    do throws(KernelError) {
      source = try BatchSource(
        dataset, batchSize: batchSize, shuffles: false, seed: model.file.seed,
        loaders: loaders ?? Trainer.loaderCount(threads: workers.count))
    } catch {
      throw .environment(error.message)
    }
    source.begin(epoch: 0)
    (full, last) = try model.plans(
      .test, for: source, purpose: purpose, store: store, cache: cache)
  }

  /// The names of the scores.
  package var scoreNames: [String] { emptyBoard.names }

  /// An empty scoreboard for these scores.
  var emptyBoard: Scoreboard { Scoreboard((full ?? last)?.scores ?? [], ranking) }

  /// Computes the scores of all examples.
  ///
  /// - Throws: a failure when an example cannot be read.
  package func scores() throws(DataFailure) -> Scoreboard {
    var board = emptyBoard
    try forEachBatch { plan, _ in board.add(plan) }
    return board
  }

  /// Computes the scores of all examples. Returns nil if `isStopped` returned true before some
  /// batch.
  package func scores(isStopped: () -> Bool) throws(DataFailure) -> Scoreboard? {
    var board = emptyBoard
    let isWhole = try forEachBatch(isStopped) { plan, _ in board.add(plan) }
    return isWhole ? board : nil
  }

  /// Computes the predictions of the network, one row per example.
  package func predictions() throws(DataFailure) -> [Float] {
    var answers: [Float] = []
    try forEachBatch { plan, count in
      guard let slot = plan.prediction else { return }
      let view = plan.plan.floats(slot)
      answers.reserveCapacity(source.dataset.count * (view.count / max(count, 1)))
      for index in 0..<view.count { answers.append(view[index]) }
    }
    return answers
  }

  @discardableResult
  private func forEachBatch(
    _ isStopped: () -> Bool = { false }, _ body: (NetworkPlan, Int) -> Void
  ) throws(DataFailure) -> Bool {
    let order = source.epochOrder
    for batch in 0..<order.batchCount {
      if isStopped() { return false }
      let count = order.batch(batch).count
      guard let plan = count == order.batchSize ? full : last else { continue }
      try source.select(batch: batch)
      plan.plan.run(on: workers)
      body(plan, count)
    }
    return true
  }
}
