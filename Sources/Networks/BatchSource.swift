internal import DataFiles
package import DataSources
package import Kernels
internal import Layers
internal import Tensors

/// Provides the examples of a plan's batch: a data set, the order of an epoch, and a cursor into
/// the order.
package final class BatchSource: Sendable {
  package let dataset: Dataset
  package let epochOrder: EpochOrder
  private let order: Storage<Int32>
  private let cursor: Storage<Int>
  private let number: Storage<Int>
  private let share: Storage<Double>

  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ dataset: Dataset, batchSize: Int, shuffles: Bool, seed: Int
  ) throws(KernelError) {
    self.dataset = dataset
    epochOrder = EpochOrder(
      count: dataset.count, batchSize: batchSize, shuffles: shuffles, seed: seed)
    guard let order = Storage<Int32>(count: dataset.count), let cursor = Storage<Int>(count: 1),
      let number = Storage<Int>(count: 1), let share = Storage<Double>(count: 1)
    else { throw KernelError("not enough memory for the order of \(dataset.count) examples") }
    self.order = order
    self.cursor = cursor
    self.number = number
    self.share = share
  }

  /// Writes the order of an epoch. Allocates nothing.
  package func begin(epoch: Int) {
    let buffer = unsafe order.buffer
    var span = unsafe buffer.mutableSpan
    epochOrder.write(epoch: epoch, into: &span)
  }

  /// Moves the cursor to a batch of the epoch.
  ///
  /// - Parameters:
  ///   - number: the number of the batch in the whole training, so that each batch draws
  ///     different noise.
  ///   - share: the weight of the batch when statistics are measured again.
  package func select(batch: Int, number: Int = 0, share: Double = 1) {
    cursor[0] = epochOrder.batch(batch).lowerBound
    self.number[0] = number
    self.share[0] = share
  }

  /// The weight of the selected batch when statistics are measured again.
  var measuredShare: DoubleView { View(share) }

  /// Returns the noise source of a layer. It draws different numbers for every batch.
  func noise(layer: String) -> NoiseSource {
    NoiseSource(seed: epochOrder.seed, layer: layer, step: View(number))
  }

  /// Returns the kernel that gathers a slice's rows of the tensor `name`.
  func gather(_ name: String, examples: Range<Int>, to result: FloatView) -> any Kernel {
    guard let tensor = dataset[name] else {
      preconditionFailure("the data do not provide a tensor that the network reads")
    }
    let (order, cursor) = (View(order), View(cursor))
    switch tensor.storage {
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
