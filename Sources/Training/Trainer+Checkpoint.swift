internal import DataSources
internal import Expressions
package import Files
internal import Kernels
internal import ModelFiles
internal import Networks
internal import Solvers
internal import YAML

extension Trainer {
  /// The bytes of a checkpoint's tensors, including those of the best test if there are tests.
  package var checkpointBytes: Int {
    store.parameters.indices.reduce(0) { sum, index in
      let copies =
        1 + update.stateNames(index).count + (update.hasAverages ? 1 : 0)
        + (evaluator == nil ? 0 : 1)
      return sum + copies * store.value(index).count * MemoryLayout<Float>.size
    }
  }

  /// Makes a checkpoint of the state between two iterations.
  ///
  /// - Parameters:
  ///   - model: The resolved model file.
  ///   - history: The length of the history file so far.
  package func checkpoint(model: String, history length: Checkpoint.HistoryLength) -> Checkpoint {
    Checkpoint(
      model: model, exampleCount: trainingSource.dataset.count, dataChecksum: dataDigest.text,
      batchNumber: batchNumber,
      parameters: store.parameters.indices.map { store.rowMajor($0) }, update: update.state,
      measurements: measurements.state,
      best: best.isEmpty
        ? nil
        : Checkpoint.Best(
          rank: bestRank, iteration: bestIteration, scores: bestScores.map(\.value), values: best),
      stopReason: stopReason, unrecorded: unrecorded, history: length)
  }

  /// Resumes from a checkpoint of the same model, as if the training had never stopped.
  ///
  /// - Parameters:
  ///   - history: The history up to the checkpoint.
  ///   - name: The name of the file in failures.
  /// - Throws: ``RunFailure/refusedInput(_:)`` if the data differ. The trainer is then unchanged.
  package func restore(
    _ checkpoint: Checkpoint, history: History, name: String
  ) throws(RunFailure) {
    let count = trainingSource.dataset.count
    guard checkpoint.exampleCount == count else {
      throw .refusedInput(
        "\(name.quotable): the checkpoint was made with \(checkpoint.exampleCount) training "
          + "examples, but the data have \(count)")
    }
    guard checkpoint.dataChecksum == dataDigest.text else {
      throw .refusedInput(
        "\(name.quotable): the checkpoint was made with other examples: their checksum was "
          + "\(checkpoint.dataChecksum.quotable), and is \(dataDigest.text)")
    }
    let (batches, overflows) = checkpoint.iteration.multipliedReportingOverflow(
      by: model.file.solver.iterationSize)
    guard !overflows, batches == checkpoint.batchNumber, checkpoint.iteration <= Duration.limit,
      checkpoint.unrecorded == nil || checkpoint.iteration > 0
    else { throw .refusedInput("\(name.quotable): its counts of updates and batches disagree") }
    guard checkpoint.iteration <= iterationCount else {
      throw .refusedInput(
        "\(name.quotable): \(checkpoint.iteration) iterations are in the checkpoint, but the "
          + "training ends after \(iterationCount)")
    }
    for (index, values) in checkpoint.parameters.enumerated() { store.set(index, rowMajor: values) }
    update.state = checkpoint.update
    measurements.state = checkpoint.measurements
    batchNumber = checkpoint.batchNumber
    // Writes the order of a partly trained epoch again.
    let perEpoch = trainingSource.epochOrder.batchCount
    if batchNumber % perEpoch != 0 { trainingSource.begin(epoch: batchNumber / perEpoch) }
    if let best = checkpoint.best {
      (bestRank, bestIteration, self.best) = (best.rank, best.iteration, best.values)
      let names = history.testNames.map { "best_\($0)" }
      bestScores = Array(zip(names, best.scores))
    }
    stopReason = checkpoint.iteration < iterationCount ? checkpoint.stopReason : nil
    unrecorded = checkpoint.unrecorded
    self.history = history
  }
}
