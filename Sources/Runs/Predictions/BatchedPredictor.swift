internal import DataFiles
internal import DataSources
internal import Files
internal import Kernels
internal import ModelFiles
internal import Networks
internal import Plans
internal import Tensors
internal import Threads
internal import Training

/// Predicts examples that arrive in pieces of any size.
///
/// The batches are those of all examples in memory: full ones, and a short one at the end. Therefore
/// the size of the pieces changes no bit, and the plans are made once.
final class BatchedPredictor {
  private let model: PreparedModel
  private let store: ParameterStore
  private let workers: Workers
  /// The number of threads that decode images ahead.
  private let loaders: Int
  private let cache = ImplementationCache()
  /// The examples that are predicted at once: a multiple of the batch size.
  private let capacity: Int
  /// The values of each input that wait for more examples.
  private var pending: [[Float]]
  private var pendingCount = 0
  /// The memory of `capacity` examples and the plans for them. Nil before they are needed.
  private var full: (storages: [FloatStorage], evaluator: Evaluator)?
  /// Checks the memory before it is taken.
  private let check: (Dataset) throws(RunFailure) -> Void
  /// Returns the failure of an example.
  private let failure: (DataFailure) -> RunFailure

  /// The greatest number of values of the examples that are predicted at once. One batch may have
  /// more.
  private static let valueCount = 1 << 20

  /// - Parameters:
  ///   - check: checks that the memory suffices for a data set of this size.
  ///   - failure: returns the failure of an example.
  init(
    _ model: PreparedModel, store: ParameterStore, workers: Workers, loaders: Int,
    check: @escaping (Dataset) throws(RunFailure) -> Void,
    failure: @escaping (DataFailure) -> RunFailure
  ) {
    self.failure = failure
    self.model = model
    self.store = store
    self.workers = workers
    self.loaders = loaders
    self.check = check
    let batch = model.testing.batchSize
    let width = max(1, model.signature.inputCount)
    let values = batch.multipliedReportingOverflow(by: width)
    let batches = values.overflow ? 1 : BatchedPredictor.valueCount / max(1, values.partialValue)
    capacity = batch * max(1, min(batches, 1024))
    pending = model.signature.inputs.map { _ in [] }
  }

  /// Adds examples, and passes the predictions that are ready to `body`.
  ///
  /// - Parameter examples: The examples with the transforms of a test.
  func add(
    _ examples: Dataset, _ body: (Predictions) throws(RunFailure) -> Void
  ) throws(RunFailure) {
    let tops = model.signature.inputs
    var loader: LoadedExamples
    do throws(KernelError) {
      loader = try LoadedExamples(examples, tops.map(\.name), loaders: loaders)
    } catch {
      throw .environment(error.message)
    }
    while true {
      do throws(DataFailure) {
        guard try loader.next() else { return }
      } catch {
        throw failure(error)
      }
      for (index, top) in tops.enumerated() { loader.append(top.name, to: &pending[index]) }
      pendingCount += 1
      if pendingCount == capacity { try body(try predictFull()) }
    }
  }

  /// Passes the predictions of the last examples to `body`.
  func finish(_ body: (Predictions) throws(RunFailure) -> Void) throws(RunFailure) {
    guard pendingCount > 0 else { return }
    full = nil
    let (dataset, storages) = try dataset(pendingCount)
    try check(dataset)
    let evaluator = try evaluator(dataset)
    fill(storages)
    try body(try predictions(evaluator))
  }

  private func predictFull() throws(RunFailure) -> Predictions {
    if full == nil {
      let (dataset, storages) = try dataset(capacity)
      try check(dataset)
      full = (storages, try evaluator(dataset))
    }
    guard let full else { preconditionFailure("the plans were just made") }
    fill(full.storages)
    return try predictions(full.evaluator)
  }

  /// Returns a data set of `count` examples without values, and the memory of its inputs.
  private func dataset(
    _ count: Int
  ) throws(RunFailure) -> (dataset: Dataset, storages: [FloatStorage]) {
    var tensors: [ExampleTensor] = []
    var storages: [FloatStorage] = []
    for top in model.signature.inputs {
      guard let storage = FloatStorage(count: count * top.width) else {
        throw .environment("no memory for \(count) examples of \(top.width) values")
      }
      storages.append(storage)
      tensors.append(ExampleTensor(top, .floats(storage)))
    }
    return (Dataset(count: count, tensors), storages)
  }

  private func evaluator(_ dataset: Dataset) throws(RunFailure) -> Evaluator {
    try Evaluator(
      model, dataset, batchSize: max(1, min(dataset.count, model.testing.batchSize)),
      purpose: .prediction, store: store, cache: cache, workers: workers)
  }

  /// Moves the pending values to the memory of a data set.
  private func fill(_ storages: [FloatStorage]) {
    for (index, storage) in storages.enumerated() {
      let buffer = unsafe storage.buffer
      _ = unsafe buffer.update(fromContentsOf: pending[index])
      pending[index].removeAll(keepingCapacity: true)
    }
    pendingCount = 0
  }

  private func predictions(_ evaluator: Evaluator) throws(RunFailure) -> Predictions {
    let values: [Float]
    do throws(DataFailure) {
      values = try evaluator.predictions()
    } catch {
      throw failure(error)
    }
    let prediction = model.testing.prediction
    return Predictions(
      values: values,
      width: prediction.map { model.testing.blobs[$0].shape.example.count } ?? 0,
      form: model.testing.predictionForm(model.training, isStated: model.file.output != nil))
  }
}
