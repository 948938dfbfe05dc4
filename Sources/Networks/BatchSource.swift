package import DataSources
package import Kernels
internal import Layers
internal import Tensors

/// Where a plan finds the examples of its batch: a data set, the order of an epoch, and a cursor
/// into it.
package final class BatchSource: Sendable {
  package let dataset: Dataset
  package let epochOrder: EpochOrder
  private let order: Storage<Int32>
  private let cursor: Storage<Int>
  private let number: Storage<Int>
  private let share: Storage<Double>

  /// - Throws: `KernelError` if the memory is not there.
  package init(
    _ dataset: Dataset, batchSize: Int, shuffles: Bool, seed: Int
  ) throws(KernelError) {
    self.dataset = dataset
    epochOrder = EpochOrder(
      count: dataset.count, batchSize: batchSize, shuffles: shuffles, seed: seed)
    guard let order = Storage<Int32>(count: dataset.count), let cursor = Storage<Int>(count: 1),
      let number = Storage<Int>(count: 1), let share = Storage<Double>(count: 1)
    else { throw KernelError("no memory for the order of \(dataset.count) examples") }
    self.order = order
    self.cursor = cursor
    self.number = number
    self.share = share
  }

  /// Takes the order of an epoch; allocates nothing.
  package func begin(epoch: Int) {
    let buffer = unsafe order.buffer
    var span = unsafe buffer.mutableSpan
    epochOrder.write(epoch: epoch, into: &span)
  }

  /// Puts the cursor on a batch of the epoch.
  ///
  /// - Parameters:
  ///   - number: counts the batches of the whole training, so that each draws its own noise.
  ///   - share: the weight of the batch in statistics that are measured anew.
  package func select(batch: Int, number: Int = 0, share: Double = 1) {
    cursor[0] = epochOrder.batch(batch).lowerBound
    self.number[0] = number
    self.share[0] = share
  }

  /// The weight of the selected batch in statistics that are measured anew.
  var measuredShare: DoubleView { View(share) }

  /// What a layer draws from: its own numbers for every batch.
  func noise(layer: String) -> NoiseSource {
    NoiseSource(seed: epochOrder.seed, layer: layer, step: View(number))
  }

  /// The kernel that gathers a slice's rows of `storage`, `width` elements each.
  func gather(
    _ storage: FloatStorage, width: Int, examples: Range<Int>, to result: FloatView
  ) -> any Kernel {
    gatherRows(
      FloatView(storage), order: View(order), cursor: View(cursor), first: examples.lowerBound,
      to: result, count: examples.count, width: width)
  }
}
