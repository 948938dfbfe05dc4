package import DataSources
internal import Expressions
package import Files
internal import Layers
internal import ModelFiles
package import Networks
internal import Tensors
package import YAML

extension PreparedModel {
  /// What a training takes beside the model, as far as it is known.
  package struct Examples {
    /// Examples of the parts; nil if only reading tells, and for a test part that is not there.
    var train: Int?
    var test: Int?
    /// Of both parts, with what metrics keep of them.
    var bytes: Double
    /// The part that takes more of them.
    var part = DataPhase.train
  }

  /// What a training on data that were read takes beside the model.
  package func examples(train: Dataset, test: Dataset?) -> Examples {
    let testBytes = test?.byteCount ?? 0
    return Examples(
      train: train.count, test: test?.count,
      bytes: Double(train.byteCount + testBytes)
        + keptBytes(examples: train.count + (test?.count ?? 0)),
      part: testBytes > train.byteCount ? .test : .train)
  }

  /// The bytes of the history of a training on so many examples; 0 where its length is not known.
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

  /// What metrics that keep the scores of single examples take at a test: kept, kept of the last
  /// test, and sorted.
  private func keptBytes(examples: Int) -> Double {
    let count = testing.nodes.count { $0.kind.scoring?.keepsExamples ?? false }
    return Double(count) * Double(examples) * 4 * 16
  }

  /// What training will take, examples and history included.
  ///
  /// - Parameter dataBytes: of the examples; nil if only reading tells.
  package func memoryEstimate(dataBytes: Int?) -> MemoryEstimate {
    let train = signature.exampleCount
    let width = Double(signature.inputShape.count + signature.targetWidth)
    let known = Double(train ?? 0) * width * Double(MemoryLayout<Float>.size)
    return memoryEstimate(
      Examples(train: train, test: nil, bytes: dataBytes.map(Double.init) ?? known))
  }

  /// What training will take.
  ///
  /// - Parameters:
  ///   - readsCheckpoint: whether it goes on from a checkpoint.
  ///   - readsWeights: whether it begins with a file of weights.
  package func memoryEstimate(
    _ examples: Examples, readsCheckpoint: Bool = false, readsWeights: Bool = false
  ) -> MemoryEstimate {
    let (batch, testBatch) = (training.batchSize, testing.batchSize)
    var plans = plans(.train, .training, PreparedModel.batches(of: examples.train, batch))
    if StatisticsMeasurement.isNeeded(by: self) {
      plans += self.plans(.train, .statistics, PreparedModel.batches(of: examples.train, batch))
    }
    // At the end the train part is tested too.
    plans += self.plans(.test, .testing, PreparedModel.batches(of: examples.train, testBatch))
    if file.data.test != nil {
      plans += self.plans(.test, .testing, PreparedModel.batches(of: examples.test, testBatch))
    }
    return MemoryEstimate(
      file, parameters: training.parameters, plans: plans, isTraining: true,
      // The best, where there are tests.
      copyCount: file.data.test == nil ? 0 : 1,
      // The bytes of the file, and what is read of them.
      readCopies: readsWeights ? 2 : 0,
      checkpoint: readsCheckpoint ? .read : file.solver.writesCheckpoints ? .written : .none,
      dataBytes: examples.bytes,
      historyBytes: historyBytes(exampleCount: examples.train),
      dataMark: (examples.part == .test ? file.data.test : nil)?.mark ?? file.data.train.mark)
  }

  /// What testing a trained model, or predicting with it, will take.
  ///
  /// - Parameters:
  ///   - dataset: nil before it is read.
  ///   - dataMark: where the examples are stated; nil: nowhere in the model file.
  package func runningEstimate(_ dataset: Dataset?, dataMark: Mark? = nil) -> MemoryEstimate {
    let sizes = PreparedModel.batches(of: dataset?.count, testing.batchSize)
    return MemoryEstimate(
      file, parameters: training.parameters, plans: plans(.test, .testing, sizes),
      isTraining: false,
      // The weights in the layouts that primitives choose; before that, the weights file and what was read of it.
      copyCount: sizes.count, readCopies: 2,
      dataBytes: Double(dataset?.byteCount ?? 0) + keptBytes(examples: dataset?.count ?? 0),
      dataMark: dataMark)
  }

  /// The batches that examples need plans for: the full ones, and the short last one. Where their
  /// number is not known a full one.
  private static func batches(of count: Int?, _ size: Int) -> [Int] {
    guard let count else { return [size] }
    return (count >= size ? [size] : []) + (count % size > 0 ? [count % size] : [])
  }

  private func plans(
    _ phase: DataPhase, _ purpose: NetworkPlan.Purpose, _ sizes: [Int]
  ) -> [(Graph, NetworkPlan.Purpose)] {
    // Another batch size fits as well as the one that was checked.
    sizes.compactMap { try? graph(phase, batchSize: $0) }.map { ($0, purpose) }
  }

  /// Refuses a model that does not fit, before anything of it is allocated.
  ///
  /// - Parameter limit: in bytes; nil: what the machine has free.
  package func checkMemory(limit: Int?) throws(RunFailure) {
    try memoryEstimate(dataBytes: nil).check(limit)
  }
}

extension MemoryEstimate {
  /// - Throws: ``RunFailure/refused(_:)`` with what is needed, at what takes the most, if that is
  ///   more than `limit` (nil: than the machine has free).
  package func check(_ limit: Int?) throws(RunFailure) {
    if let refusal = refusal(limit: limit ?? Machine.availableMemory) {
      throw .refused(Diagnostics(refusal))
    }
  }
}
