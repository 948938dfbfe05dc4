internal import DataFiles
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
    store: ParameterStore, cache: ImplementationCache, workers: Workers
  ) throws(RunFailure) {
    self.workers = workers
    ranking = model.ranking
    do throws(KernelError) {
      source = try BatchSource(
        dataset, batchSize: batchSize, shuffles: false, seed: model.file.seed)
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
  package func scores() -> Scoreboard {
    var board = emptyBoard
    forEachBatch { plan, _ in board.add(plan) }
    return board
  }

  /// Computes the scores of all examples. Returns nil if `isStopped` returned true before some
  /// batch.
  package func scores(isStopped: () -> Bool) -> Scoreboard? {
    var board = emptyBoard
    let isWhole = forEachBatch(isStopped) { plan, _ in board.add(plan) }
    return isWhole ? board : nil
  }

  /// Computes the predictions of the network, one row per example.
  package func predictions() -> [Float] {
    var answers: [Float] = []
    forEachBatch { plan, count in
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
  ) -> Bool {
    let order = source.epochOrder
    for batch in 0..<order.batchCount {
      if isStopped() { return false }
      let count = order.batch(batch).count
      guard let plan = count == order.batchSize ? full : last else { continue }
      source.select(batch: batch)
      plan.plan.run(on: workers)
      body(plan, count)
    }
    return true
  }
}
