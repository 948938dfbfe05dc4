package import DataFiles
package import DataSources
package import Kernels
internal import Tensors

/// Loads all examples of a data set once, in their order, as tests see them.
///
/// Image files are decoded ahead on threads. Other examples are loaded by the calling thread, because
/// they are read faster than they are handed over. The values do not depend on the number of threads.
package struct LoadedExamples {
  private let count: Int
  /// The number of examples that were loaded.
  private var done = 0
  private var loader: ExampleLoader
  /// The queue of the examples. Nil when the calling thread loads them.
  private let queue: BatchQueue?
  private let tops: [DataTop]
  /// The row of the last example in the queue's slots.
  private var row = 0

  /// The number of examples that a thread loads at once.
  private static let batchSize = 4

  /// - Parameters:
  ///   - names: the tensors to load.
  ///   - loaders: the number of threads. With 0, the calling thread loads each example.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ dataset: Dataset, _ names: [String], loaders: Int) throws(KernelError) {
    count = dataset.count
    loader = ExampleLoader(dataset, names, isTraining: false)
    tops = dataset.tops.filter { names.contains($0.name) }
    let order = EpochOrder(
      count: count, batchSize: LoadedExamples.batchSize, shuffles: false, seed: 0)
    queue =
      loaders == 0 || dataset.hasOneShape || count < 2
      ? nil
      : try BatchQueue(
        dataset, tops, order, isTraining: false, loaders: loaders, isSinglePass: true)
  }

  /// Loads the next example. Returns false after the last one.
  ///
  /// - Throws: a failure that names the file.
  package mutating func next() throws(DataFailure) -> Bool {
    guard done < count else { return false }
    if let queue {
      let (batch, place) = done.quotientAndRemainder(dividingBy: LoadedExamples.batchSize)
      let slot = try queue.take(BatchQueue.Place(epoch: 0, batch: batch))
      row = slot * LoadedExamples.batchSize + place
    } else {
      try loader.load(done, epoch: 0)
    }
    done += 1
    return true
  }

  /// Appends the values of a tensor of the last example.
  package func append(_ name: String, to target: inout [Float]) {
    guard let slots = queue?.slots(of: name), let top = tops.first(where: { $0.name == name })
    else { return loader.append(name, to: &target) }
    let part = FloatStorage(row * top.width..<(row + 1) * top.width, of: slots)
    unsafe target.append(contentsOf: part.buffer)
  }
}
