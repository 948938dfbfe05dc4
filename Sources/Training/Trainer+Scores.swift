internal import DataFiles
internal import DataSources
package import Files
internal import ModelFiles
internal import Networks
internal import Plans
internal import YAML

extension Trainer {
  /// Makes the evaluator that scores the train part with the trained parameters.
  ///
  /// - Throws: ``RunFailure`` if the memory does not suffice.
  package func trainingEvaluator() throws(RunFailure) -> Evaluator {
    try Evaluator(
      model, trainingSource.dataset, batchSize: model.testing.batchSize, purpose: .testing,
      store: store, cache: cache, workers: workers, loaders: loaders)
  }

  /// Warns once of a label that makes a test score NaN because it is not a class of the layer.
  func warnOfWrongLabels(_ board: Scoreboard) {
    guard board.values.contains(where: \.isNaN), let doctor, let evaluator,
      !doctor.warnings.contains(where: { $0.kind == .wrongLabels })
    else { return }
    let source = evaluator.source
    let order = source.epochOrder
    for batch in 0..<order.batchCount {
      let examples = order.batch(batch)
      guard let graph = try? model.graph(.test, batchSize: examples.count),
        let plan = try? NetworkPlan(
          graph, purpose: .testing, store: store, source: source, shards: 1, cache: cache,
          sharesBytes: false)
      else { return }
      guard (try? source.select(batch: batch)) != nil else { return }
      plan.plan.run(on: workers)
      guard let label = plan.firstWrongLabel() else { continue }
      doctor.add(
        Warning(
          .wrongLabels, layer: label.layer.name, label.text(examples: Array(examples), .test),
          at: label.layer.node.mark))
      return
    }
  }

  /// Returns the last loss and the scores of the train part, of the last test and of the best test.
  package func finalMetrics(_ board: Scoreboard) -> [NamedScore] {
    let loss = history.losses.last.map { [NamedScore(name: "loss", value: $0)] } ?? []
    let training = zip(board.names, board.values).map {
      NamedScore(name: "train_\($0)", value: $1)
    }
    let testing = zip(history.testNames, lastTest?.values ?? []).map {
      NamedScore(name: $0, value: $1)
    }
    let best = bestScores.map { NamedScore(name: $0.name, value: $0.value) }
    return loss + training + testing + best
  }
}
