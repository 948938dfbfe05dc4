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
  ///
  /// - Parameter loaders: The number of loader threads. Nil stands for the default.
  package func examples(train: Dataset, test: Dataset?, loaders: Int? = nil) -> Examples {
    let testBytes = test?.byteCount ?? 0
    return Examples(
      train: train.count, test: test?.count,
      bytes: Double(train.byteCount + testBytes) + loadedBytes(train, test, loaders)
        + keptBytes(examples: train.count + (test?.count ?? 0)),
      part: testBytes > train.byteCount ? .test : .train)
  }

  /// Returns the bytes of the batches that are loaded ahead.
  private func loadedBytes(_ train: Dataset, _ test: Dataset?, _ loaders: Int?) -> Double {
    func width(_ dataset: Dataset, isTraining: Bool) -> Double {
      let mixesWeights =
        dataset.weights != nil && dataset.transforms?.mixes(isTraining: isTraining) ?? false
      return dataset.loadedTops.reduce(mixesWeights ? 1 : 0) { $0 + Double($1.width) }
    }
    return slotBytes(width(train, isTraining: true), training.batchSize, loaders)
      + (test.map { slotBytes(width($0, isTraining: false), testing.batchSize, loaders) } ?? 0)
  }

  /// Returns the bytes of all slots of batches whose examples have `width` loaded values.
  private func slotBytes(_ width: Double, _ batchSize: Int, _ loaders: Int?) -> Double {
    let slots = BatchSource.slotCount(
      loaders: loaders ?? Trainer.loaderCount(threads: Machine.processorCount))
    return width * Double(batchSize) * Double(slots * MemoryLayout<Float>.size)
  }

  /// Returns the bytes of the batches that are loaded ahead, before the data are read: those of the
  /// inputs that are decoded or transformed for each batch.
  private func announcedBytes(_ loaders: Int?) -> Double {
    let train = file.data.train
    guard !train.source.hasOneShape || !(train.transforms ?? []).isEmpty else { return 0 }
    let width = Double(signature.inputCount)
    return slotBytes(width, training.batchSize, loaders)
      + (file.data.test == nil ? 0 : slotBytes(width, testing.batchSize, loaders))
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
  /// - Parameters:
  ///   - dataBytes: The bytes of the examples. Nil when only reading the data shows them.
  ///   - loaders: The number of loader threads. Nil stands for the default.
  package func memoryEstimate(dataBytes: Int?, loaders: Int? = nil) -> MemoryEstimate {
    let train = signature.exampleCount
    // Images are decoded when a batch needs them.
    let isRead = file.data.train.source.hasOneShape
    let width = isRead ? signature.tops.reduce(0.0) { $0 + Double($1.width) } : 0
    let known = Double(train ?? 0) * width * Double(MemoryLayout<Float>.size)
    return memoryEstimate(
      Examples(
        train: train, test: nil,
        bytes: dataBytes.map(Double.init) ?? known + announcedBytes(loaders)))
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
  /// - Parameters:
  ///   - limit: The limit in bytes. Nil stands for the free memory of the machine.
  ///   - loaders: The number of loader threads. Nil stands for the default.
  package func checkMemory(limit: Int?, loaders: Int? = nil) throws(RunFailure) {
    try memoryEstimate(dataBytes: nil, loaders: loaders).check(limit)
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
