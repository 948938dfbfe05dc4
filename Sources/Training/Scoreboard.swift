package import DataSources
internal import Kernels
package import Layers
package import Models
package import Plans
package import Threads

/// The scores of a whole data set: sums over all of its examples, each number taken once at the
/// end.
package struct Scoreboard: Sendable {
  package let names: [String]
  private let scores: [Score]
  /// What tells the better of two tests; nil if nothing does.
  private let ranking: Ranking?
  private var sums: [[Double]]

  init(_ scores: [Score], _ ranking: Ranking?) {
    self.scores = scores
    self.ranking = ranking
    names = scores.map(\.name)
    sums = scores.map { _ in [] }
  }

  /// Adds the batch that `plan` has run.
  mutating func add(_ plan: NetworkPlan) {
    for (index, score) in plan.scores.enumerated() {
      let statistics = plan.statistics(of: score)
      if sums[index].isEmpty {
        sums[index] = statistics
      } else {
        score.join(statistics, &sums[index])
      }
    }
  }

  /// In the order of `names`.
  package var values: [Double] {
    zip(scores, sums).map { $1.isEmpty ? .nan : $0.value($1) }
  }

  /// What the scores tell beside their numbers, by the name of the score.
  package func tables(classNames: [String]) -> [(name: String, table: ScoreTable)] {
    zip(scores, sums).compactMap { score, sums in
      guard !sums.isEmpty, let table = score.table(sums, classNames) else { return nil }
      return (score.name, table)
    }
  }

  /// The score that keeps a test with these values from being the best: the first loss that is not finite, or else the
  /// score that is followed, if it is NaN. Nil if there is none.
  func obstacle(in values: [Double]) -> Int? {
    let losses = scores.indices.filter { scores[$0].lossWeight != nil }
    if let broken = losses.first(where: { !values[$0].isFinite }) { return broken }
    return ranking?.place.flatMap { values[$0].isNaN ? $0 : nil }
  }

  /// What tells the better of two tests: greater is better. None is worse than one with an obstacle.
  var rank: Double {
    let values = values
    guard let ranking, obstacle(in: values) == nil else { return -.infinity }
    return ranking.rank(values, weights: scores.map(\.lossWeight))
  }
}

/// Runs the network of the test phase over all examples of a data set.
package final class Evaluator {
  let source: BatchSource
  private let full: NetworkPlan?
  private let last: NetworkPlan?
  private let ranking: Ranking?
  private let workers: Workers

  /// - Throws: ``RunFailure`` if the memory is not there.
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

  /// A scoreboard before the first example.
  var emptyBoard: Scoreboard { Scoreboard((full ?? last)?.scores ?? [], ranking) }

  /// The scores of all examples.
  package func scores() -> Scoreboard {
    var board = emptyBoard
    forEachBatch { plan, _ in board.add(plan) }
    return board
  }

  /// The scores of all examples; nil if `isStopped`, which is asked before every batch, was true.
  func scores(isStopped: () -> Bool) -> Scoreboard? {
    var board = emptyBoard
    let isWhole = forEachBatch(isStopped) { plan, _ in board.add(plan) }
    return isWhole ? board : nil
  }

  /// The network's answers, one row an example.
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

extension PreparedModel {
  /// The plans for the full batches and the short last one of a data set, where there are any.
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
