internal import Tensors

/// The order of the examples in each epoch, and the limits of its batches.
///
/// The order is a pure function of the seed and the epoch, so that any epoch's order can be
/// computed without earlier ones.
package struct EpochOrder: Sendable {
  /// The number of examples.
  package let count: Int
  package let batchSize: Int
  package let shuffles: Bool
  package let seed: Int

  package init(count: Int, batchSize: Int, shuffles: Bool, seed: Int) {
    precondition((0...Int(Int32.max)).contains(count), "more examples than an order can number")
    precondition(batchSize >= 1, "a batch holds at least one example")
    self.count = count
    self.batchSize = batchSize
    self.shuffles = shuffles
    self.seed = seed
  }

  /// The number of batches of an epoch. The last batch may be short.
  package var batchCount: Int { count / batchSize + (count % batchSize == 0 ? 0 : 1) }

  /// The range of the order that batch `index` takes.
  package func batch(_ index: Int) -> Range<Int> {
    precondition((0..<batchCount).contains(index), "a batch beyond the epoch")
    let start = index * batchSize
    return start..<start + min(batchSize, count - start)
  }

  /// Writes the indices of the examples in the order of `epoch`. It does not allocate.
  package func write(epoch: Int, into order: inout MutableSpan<Int32>) {
    precondition(order.count == count, "an order has one place for each example")
    for place in 0..<count { order[place] = Int32(truncatingIfNeeded: place) }
    guard shuffles else { return }
    RandomStream(seed: seed, purpose: .shuffle(epoch: epoch)).shuffle(&order)
  }
}
