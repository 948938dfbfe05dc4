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

/// A model before its first step: parameters, and one batch of examples. Nothing is trained; it is
/// there to be looked at.
package struct FirstStep {
  package let model: PreparedModel
  /// The network, for as many examples as the batch has.
  package let graph: Graph
  package let store: ParameterStore
  /// The examples of the step, in their order.
  package let batch: Dataset
  package let workers: Workers
  let source: BatchSource
  let cache = ImplementationCache()

  /// - Parameters:
  ///   - weights: a weights file that the parameters are read from; nil: their first values.
  ///   - input: a safetensors file with `data` and `label`; nil: the first batch of the data.
  ///   - purposes: of the plans that will be made, for the estimate of the memory.
  /// - Throws: ``RunFailure``.
  package init(
    path: String, options: RunOptions, phase: DataPhase = .train, weights: String? = nil,
    input: String? = nil, purposes: [NetworkPlan.Purpose]
  ) throws(RunFailure) {
    model = try PreparedModel(path: path, overrides: options.overrides)
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
    var standardization: Standardization?
    if let weights {
      standardization = try WeightsFile.load(
        weights, bytes: estimate.weights, into: store,
        inputCount: model.signature.inputShape.count)
    }
    if let input {
      // As bytes, as numbers, and as a batch.
      let file = try Safetensors(
        path: input, upTo: limit / 3, reading: { name, _ in ["data", "label"].contains(name) })
      batch = try model.batch(of: file, phase, name: input)
    } else {
      batch = try model.firstBatch(phase, standardization)
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
    source.select(batch: 0)
  }

  /// - Throws: ``RunFailure`` if the memory is not there.
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
  /// What plans of one graph take, parameters and what is copied of the tensors included.
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

  /// The examples of the first batch of a part, as the phase sees them: shuffled and standardized
  /// where the file says so.
  ///
  /// - Parameter standardization: of a weights file, in the place of the data's own.
  fileprivate func firstBatch(
    _ phase: DataPhase, _ standardization: Standardization?
  ) throws(RunFailure) -> Dataset {
    let (train, test) = (file.data.train, phase == .test ? file.data.test : nil)
    let declaration = test ?? train
    do throws(DataFailure) {
      let parts = try loadParts(
        train: train, test: test, directory: file.directory, seed: file.seed,
        ignoring: ignoredLabels,
        standardizing: standardization == nil ? .training : .known(standardization))
      let dataset = parts.test ?? parts.train
      let order = EpochOrder(
        count: dataset.count, batchSize: declaration.batchSize,
        shuffles: declaration.shuffles(in: phase), seed: file.seed)
      var numbers = [Int32](repeating: 0, count: dataset.count)
      var span = numbers.mutableSpan
      order.write(epoch: 0, into: &span)
      return try dataset.selecting(order.batch(0).map { Int(numbers[$0]) })
    } catch {
      throw RunFailure(error, in: file.data)
    }
  }
}
