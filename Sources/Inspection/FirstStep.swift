package import DataFiles
package import DataSources
package import Files
internal import Kernels
internal import ModelFiles
package import Networks
internal import Plans
package import Runs
internal import Tensors
package import Threads
package import Training

/// A model before its first step: its parameters and one batch of examples, for inspection without
/// training.
package struct FirstStep {
  package let model: PreparedModel
  /// The network for a batch of this size.
  package let graph: Graph
  package let store: ParameterStore
  /// The examples of the step, in order.
  package let batch: Dataset
  package let workers: Workers
  /// All examples of the part, and their order. Nil for a batch from a file.
  let part: (examples: Dataset, order: EpochOrder)?
  let source: BatchSource
  let cache = ImplementationCache()

  /// Reads the model's data or `input`, and the weights.
  ///
  /// - Parameters:
  ///   - weights: The weights file with the parameters. Nil stands for their initial values.
  ///   - input: A safetensors file with the tensors of the data. Nil stands for the first batch of the
  ///     data.
  ///   - purposes: The purposes of the plans to make, for the memory estimate.
  /// - Throws: ``RunFailure``.
  package init(
    path: String, options: RunOptions, phase: DataPhase = .train, weights: String? = nil,
    input: String? = nil, purposes: [NetworkPlan.Purpose]
  ) throws(RunFailure) {
    model = try PreparedModel(
      path: path, overrides: options.overrides, threads: options.threadCount)
    let limit = options.memoryLimit ?? Machine.availableMemory
    let graph = phase == .train ? model.training : model.testing
    let estimate = model.estimate(graph, purposes, dataBytes: 0)
    try estimate.check(limit)
    do throws(KernelError) {
      store = try ParameterStore(model.training.parameters, forTraining: true)
      try store.fill(seed: model.file.seed)
    } catch {
      throw .environment(error.message)
    }
    var statistics: DataStatistics?
    if let weights {
      statistics = try WeightsFile.load(
        weights, bytes: estimate.weights, into: store, for: model.signature)
    }
    if let input {
      // Three copies exist: the bytes, the numbers and the batch.
      let names = model.signature.tops.map(\.name)
      let file = try Safetensors(
        path: input, upTo: limit / 3, reading: { name, _ in names.contains(name) })
      batch = try model.batch(of: file, phase, name: input)
      part = nil
    } else {
      let part = try model.part(phase, statistics)
      batch = try model.firstBatch(part.examples, part.order, phase)
      self.part = part
    }
    try model.checkLabels(of: batch)
    self.graph = try model.graph(phase, batchSize: batch.count)
    try model.estimate(self.graph, purposes, dataBytes: batch.byteCount).check(limit)
    workers = Workers(count: options.threadCount)
    do throws(KernelError) {
      source = try BatchSource(
        batch, batchSize: batch.count, shuffles: false, seed: model.file.seed)
    } catch {
      throw .environment(error.message)
    }
    source.begin(epoch: 0)
    try model.file.data.locating { [source] () throws(DataFailure) in try source.select(batch: 0) }
  }

  /// - Throws: ``RunFailure`` if the memory does not suffice.
  func plan(_ purpose: NetworkPlan.Purpose) throws(RunFailure) -> NetworkPlan {
    do throws(KernelError) {
      return try NetworkPlan(
        graph, purpose: purpose, store: store, source: source, shards: model.file.solver.shards,
        cache: cache)
    } catch {
      throw .environment(error.message)
    }
  }
}

extension PreparedModel {
  /// Estimates the memory of plans for one graph, including parameters and copies of the tensors.
  fileprivate func estimate(
    _ graph: Graph, _ purposes: [NetworkPlan.Purpose], dataBytes: Int
  ) -> MemoryEstimate {
    let copies = purposes.contains(.inspection) ? 2.0 : 0
    let kept = NetworkPlan.estimatedMemory(graph, purpose: .inspection, shards: 1).arena
    let copied = copies == 0 ? 0 : copies * (kept.map(Double.init) ?? .infinity)
    return MemoryEstimate(
      file, parameters: training.parameters, plans: purposes.map { (graph, $0) }, isTraining: true,
      copyCount: 2, dataBytes: Double(dataBytes) + copied)
  }

  /// Returns the examples of a part, with the order in which the phase reads them.
  ///
  /// - Parameter statistics: The statistics of a weights file, which replace those of the data.
  fileprivate func part(
    _ phase: DataPhase, _ statistics: DataStatistics?
  ) throws(RunFailure) -> (examples: Dataset, order: EpochOrder) {
    let (train, test) = (file.data.train, phase == .test ? file.data.test : nil)
    let declaration = test ?? train
    return try file.data.locating { () throws(DataFailure) in
      let parts = try loadParts(
        train: train, test: test, directory: file.directory, seed: file.seed,
        ignoring: ignoredLabels,
        standardizing: statistics.flatMap { $0.isEmpty ? nil : .known($0) } ?? .training,
        loop: tableLoop)
      let dataset = parts.test ?? parts.train
      let order = EpochOrder(
        count: dataset.count, batchSize: declaration.batchSize,
        shuffles: declaration.shuffles(in: phase), seed: file.seed)
      return (dataset, order)
    }
  }

  /// Returns the first batch of a part as the phase sees it: in its order, and after the transforms
  /// of single examples.
  fileprivate func firstBatch(
    _ examples: Dataset, _ order: EpochOrder, _ phase: DataPhase
  ) throws(RunFailure) -> Dataset {
    var numbers = [Int32](repeating: 0, count: examples.count)
    var span = numbers.mutableSpan
    order.write(epoch: 0, into: &span)
    return try file.data.locating { () throws(DataFailure) in
      try examples.decoded(
        order.batch(0).map { Int(numbers[$0]) }, isTraining: phase == .train)
    }
  }
}
