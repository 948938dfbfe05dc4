internal import DataFiles
package import DataSources
internal import Expressions
package import Files
internal import Layers
internal import ModelFiles
package import Networks
internal import Tensors
package import YAML

extension PreparedModel {
  /// The memory that the examples of a training need, as far as it is known.
  package struct Examples {
    /// The number of examples of each part. Nil when only reading the data shows it, or when there
    /// is no test part.
    var train: Int?
    var test: Int?
    /// The bytes of both parts, and of the scores that metrics keep for them.
    var bytes: Double
    /// The part that needs more of these bytes.
    var part = DataPhase.train
  }

  /// Returns the memory that the examples of a training need, after they were read.
  package func examples(train: Dataset, test: Dataset?) -> Examples {
    let testBytes = test?.byteCount ?? 0
    return Examples(
      train: train.count, test: test?.count,
      bytes: Double(train.byteCount + testBytes) + loadedBytes(train, test)
        + keptBytes(examples: train.count + (test?.count ?? 0)),
      part: testBytes > train.byteCount ? .test : .train)
  }

  /// Returns the bytes of the batches that are loaded ahead.
  private func loadedBytes(_ train: Dataset, _ test: Dataset?) -> Double {
    let slots = BatchSource.slotCount(
      loaders: Trainer.loaderCount(threads: Machine.processorCount))
    let parts = [(train, training.batchSize)] + (test.map { [($0, testing.batchSize)] } ?? [])
    return parts.reduce(0) { sum, part in
      let width = part.0.loadedTops.reduce(0.0) { $0 + Double($1.width) }
      return sum + width * Double(part.1 * slots * MemoryLayout<Float>.size)
    }
  }

  /// Returns the bytes of the history for this many examples. 0 when its length is not known.
  private func historyBytes(exampleCount: Int?) -> Double {
    guard let exampleCount, exampleCount > 0,
      let schedule = try? TrainingSchedule(file, exampleCount: exampleCount)
    else { return 0 }
    let isTested = file.data.test != nil
    return History.bytes(
      rows: schedule.rowCount(isTested: isTested), tests: isTested ? schedule.testCount : 0,
      columns: testing.nodes.reduce(0) { $0 + $1.declaration.scoredTops.count },
      showsRegularization: file.solver.showsRegularization)
  }

  /// Returns the bytes that metrics need to keep the scores of single examples at a test.
  ///
  /// Three copies exist: the current scores, those of the last test, and the sorted scores.
  private func keptBytes(examples: Int) -> Double {
    let count = testing.nodes.count { $0.kind.scoring?.keepsExamples ?? false }
    return Double(count) * Double(examples) * 4 * 16
  }

  /// Estimates the memory of a training, examples and history included.
  ///
  /// - Parameter dataBytes: The bytes of the examples. Nil when only reading the data shows them.
  package func memoryEstimate(dataBytes: Int?) -> MemoryEstimate {
    let train = signature.exampleCount
    // Images are decoded when a batch needs them.
    let isRead = file.data.train.source.hasOneShape
    let width = isRead ? signature.tops.reduce(0.0) { $0 + Double($1.width) } : 0
    let known = Double(train ?? 0) * width * Double(MemoryLayout<Float>.size)
    return memoryEstimate(
      Examples(train: train, test: nil, bytes: dataBytes.map(Double.init) ?? known))
  }

  /// Estimates the memory of a training.
  ///
  /// - Parameters:
  ///   - readsCheckpoint: Whether the training resumes from a checkpoint.
  ///   - readsWeights: Whether the training begins with a weights file.
  package func memoryEstimate(
    _ examples: Examples, readsCheckpoint: Bool = false, readsWeights: Bool = false
  ) -> MemoryEstimate {
    let (batch, testBatch) = (training.batchSize, testing.batchSize)
    var plans = plans(.train, .training, PreparedModel.batches(of: examples.train, batch))
    if StatisticsMeasurement.isNeeded(by: self) {
      plans += self.plans(.train, .statistics, PreparedModel.batches(of: examples.train, batch))
    }
    // A final test covers the train part too.
    plans += self.plans(.test, .testing, PreparedModel.batches(of: examples.train, testBatch))
    if file.data.test != nil {
      plans += self.plans(.test, .testing, PreparedModel.batches(of: examples.test, testBatch))
    }
    return MemoryEstimate(
      file, parameters: training.parameters, plans: plans, isTraining: true,
      // The parameters of the best test, if there are tests.
      copyCount: file.data.test == nil ? 0 : 1,
      // The bytes of the file, and the tensors made from them.
      readCopies: readsWeights ? 2 : 0,
      checkpoint: readsCheckpoint ? .read : file.solver.writesCheckpoints ? .written : .none,
      dataBytes: examples.bytes,
      historyBytes: historyBytes(exampleCount: examples.train),
      dataMark: (examples.part == .test ? file.data.test : nil)?.mark ?? file.data.train.mark)
  }

  /// Estimates the memory of testing a trained model or predicting with it.
  ///
  /// - Parameters:
  ///   - dataset: The examples. Nil before they are read.
  ///   - dataMark: The place that names the examples. Nil when the model file does not name them.
  package func runningEstimate(_ dataset: Dataset?, dataMark: Mark? = nil) -> MemoryEstimate {
    let sizes = PreparedModel.batches(of: dataset?.count, testing.batchSize)
    return MemoryEstimate(
      file, parameters: training.parameters, plans: plans(.test, .testing, sizes),
      isTraining: false,
      // The weights in the layouts that primitives choose. Before that, the weights file and its
      // tensors.
      copyCount: sizes.count, readCopies: 2,
      dataBytes: Double(dataset?.byteCount ?? 0) + keptBytes(examples: dataset?.count ?? 0),
      dataMark: dataMark)
  }

  /// Returns the batch sizes that need a plan: the full one, and the short last one.
  ///
  /// If the number of examples is not known, only the full one counts.
  private static func batches(of count: Int?, _ size: Int) -> [Int] {
    guard let count else { return [size] }
    return (count >= size ? [size] : []) + (count % size > 0 ? [count % size] : [])
  }

  private func plans(
    _ phase: DataPhase, _ purpose: NetworkPlan.Purpose, _ sizes: [Int]
  ) -> [(Graph, NetworkPlan.Purpose)] {
    // The network was checked, and every other batch size fits too.
    sizes.compactMap { try? graph(phase, batchSize: $0) }.map { ($0, purpose) }
  }

  /// Refuses a model that needs too much memory, before allocating any of it.
  ///
  /// - Parameter limit: The limit in bytes. Nil stands for the free memory of the machine.
  package func checkMemory(limit: Int?) throws(RunFailure) {
    try memoryEstimate(dataBytes: nil).check(limit)
  }
}

extension MemoryEstimate {
  /// Refuses an estimate above the limit.
  ///
  /// - Parameter limit: The limit in bytes. Nil stands for the free memory of the machine.
  /// - Throws: ``RunFailure/refused(_:)`` with the required memory, at the place that needs the
  ///   most.
  package func check(_ limit: Int?) throws(RunFailure) {
    if let refusal = refusal(limit: limit ?? Machine.availableMemory) {
      throw .refused(Diagnostics(refusal))
    }
  }
}
