package import DataFiles
package import DataSources
package import Kernels
internal import Layers
internal import Tensors

/// Provides the examples of a plan's batch: a data set, the order of an epoch, and a cursor into
/// the order.
///
/// Examples in memory without transforms are gathered where they lie. All others come from a
/// ``BatchQueue``, which loads them ahead.
package final class BatchSource: Sendable {
  package let dataset: Dataset
  package let epochOrder: EpochOrder
  private let order: Storage<Int32>
  private let cursor: Storage<Int>
  private let number: Storage<Int>
  private let share: Storage<Double>
  private let epoch: Storage<Int>
  /// Loads the tensors that are not gathered where they lie. Nil when there are none.
  private let queue: BatchQueue?
  /// The row of the selected batch in the queue's slots, and the numbers of all rows there.
  private let slotCursor: Storage<Int>
  private let slotOrder: Storage<Int32>

  /// - Parameters:
  ///   - isTraining: whether to apply the transforms for training.
  ///   - loaders: the number of threads that load batches ahead. With 0, ``select(batch:number:share:)``
  ///     loads each batch.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ dataset: Dataset, batchSize: Int, shuffles: Bool, seed: Int, isTraining: Bool = false,
    loaders: Int = 1
  ) throws(KernelError) {
    self.dataset = dataset
    epochOrder = EpochOrder(
      count: dataset.count, batchSize: batchSize, shuffles: shuffles, seed: seed)
    guard let order = Storage<Int32>(count: dataset.count), let cursor = Storage<Int>(count: 1),
      let number = Storage<Int>(count: 1), let share = Storage<Double>(count: 1),
      let epoch = Storage<Int>(count: 1), let slotCursor = Storage<Int>(count: 1)
    else { throw KernelError("not enough memory for the order of \(dataset.count) examples") }
    self.order = order
    self.cursor = cursor
    self.number = number
    self.share = share
    self.epoch = epoch
    self.slotCursor = slotCursor
    let loaded = dataset.loadedTops
    queue =
      loaded.isEmpty
      ? nil
      : try BatchQueue(dataset, loaded, epochOrder, isTraining: isTraining, loaders: loaders)
    let rows = (queue?.slotCount ?? 0) * batchSize
    guard let slotOrder = Storage<Int32>(count: rows) else {
      throw KernelError("not enough memory for \(rows) rows")
    }
    for row in 0..<rows { slotOrder[row] = Int32(truncatingIfNeeded: row) }
    self.slotOrder = slotOrder
  }

  /// The number of batches that lie in memory when this many threads load them ahead.
  package static func slotCount(loaders: Int) -> Int { BatchQueue.slotCount(loaders: loaders) }

  /// Writes the order of an epoch. Allocates nothing.
  package func begin(epoch: Int) {
    self.epoch[0] = epoch
    let buffer = unsafe order.buffer
    var span = unsafe buffer.mutableSpan
    epochOrder.write(epoch: epoch, into: &span)
  }

  /// Moves the cursor to a batch of the epoch. Waits until the batch is loaded.
  ///
  /// - Parameters:
  ///   - number: the number of the batch in the whole training, so that each batch draws
  ///     different noise.
  ///   - share: the weight of the batch when statistics are measured again.
  /// - Throws: the failure of a loader, which names the file.
  package func select(
    batch: Int, number: Int = 0, share: Double = 1
  ) throws(DataFailure) {
    cursor[0] = epochOrder.batch(batch).lowerBound
    self.number[0] = number
    self.share[0] = share
    guard let queue else { return }
    let slot = try queue.take(BatchQueue.Place(epoch: epoch[0], batch: batch))
    slotCursor[0] = slot * epochOrder.batchSize
  }

  /// The weight of the selected batch when statistics are measured again.
  var measuredShare: DoubleView { View(share) }

  /// Returns the noise source of a layer. It draws different numbers for every batch.
  func noise(layer: String) -> NoiseSource {
    NoiseSource(seed: epochOrder.seed, layer: layer, step: View(number))
  }

  /// Whether the examples have weights in losses.
  var hasWeights: Bool { dataset.weights != nil }

  /// Returns the kernel that gathers the weights of a slice's examples.
  func gatherWeights(examples: Range<Int>, to result: FloatView) -> any Kernel {
    guard let tensor = dataset.weights?.tensor else {
      preconditionFailure("the examples have no weights")
    }
    if let slots = queue?.weightSlots {
      return gatherRows(
        FloatView(slots), order: View(slotOrder), cursor: View(slotCursor),
        first: examples.lowerBound, to: result, count: examples.count, width: 1)
    }
    return gather(tensor, examples: examples, to: result)
  }

  /// Returns the kernel that gathers a slice's rows of the tensor `name`.
  package func gather(_ name: String, examples: Range<Int>, to result: FloatView) -> any Kernel {
    guard let tensor = dataset[name] else {
      preconditionFailure("the data do not provide a tensor that the network reads")
    }
    if let slots = queue?.slots(of: name), let top = dataset.tops.first(where: { $0.name == name })
    {
      return gatherRows(
        FloatView(slots), order: View(slotOrder), cursor: View(slotCursor),
        first: examples.lowerBound, to: result, count: examples.count, width: top.width)
    }
    return gather(tensor, examples: examples, to: result)
  }

  private func gather(
    _ tensor: ExampleTensor, examples: Range<Int>, to result: FloatView
  ) -> any Kernel {
    let (order, cursor) = (View(order), View(cursor))
    switch tensor.storage {
    case .onDemand: preconditionFailure("a tensor on demand comes from the queue")
    case .floats(let floats):
      return gatherRows(
        FloatView(floats), order: order, cursor: cursor, first: examples.lowerBound, to: result,
        count: examples.count, width: tensor.width)
    case .bytes(let bytes, let values):
      return gatherRows(
        View(bytes), values: FloatView(values.table), groupWidth: values.groupWidth, order: order,
        cursor: cursor, first: examples.lowerBound, to: result, count: examples.count,
        width: tensor.width)
    }
  }
}
