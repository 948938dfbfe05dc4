internal import DataSources
internal import Models

extension Trainer {
  /// What gives the scores of the train part with the trained parameters.
  ///
  /// - Throws: ``RunFailure`` if the memory is not there.
  func trainingEvaluator() throws(RunFailure) -> Evaluator {
    try Evaluator(
      model, trainingSource.dataset, batchSize: model.testing.batchSize, purpose: .testing,
      store: store, cache: cache, workers: workers)
  }

  /// The last loss, the scores of the train part, the last test's, and the best test's.
  func finalMetrics(_ board: Scoreboard) -> [RunSummary.Metric] {
    let loss = history.losses.last.map { [RunSummary.Metric(name: "loss", value: $0)] } ?? []
    let training = zip(board.names, board.values).map {
      RunSummary.Metric(name: "train_\($0)", value: $1)
    }
    let testing = zip(history.testNames, lastTest?.values ?? []).map {
      RunSummary.Metric(name: $0, value: $1)
    }
    let best = bestScores.map { RunSummary.Metric(name: $0.name, value: $0.value) }
    return loss + training + testing + best
  }
}
