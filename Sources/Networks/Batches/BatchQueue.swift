internal import DataFiles
internal import DataSources
internal import Kernels
internal import Tensors
internal import Threads

/// Loads batches ahead of the training, on threads of its own.
///
/// The tensors of a batch lie in a slot. While the training reads one slot, loader threads fill the
/// next ones. Every value is a pure function of the example and the epoch, so that the number of
/// threads changes no bit.
final class BatchQueue: Sendable {
  /// The place of a batch in the training.
  struct Place: Equatable {
    var epoch: Int
    var batch: Int
  }

  private let shared: SharedBatches
  /// The loader threads. Nil before the first batch.
  private let threads = Monitor<[Thread]?>(nil)
  private let loaderCount: Int

  /// The number of slots for a number of loader threads: one for the training, and one more than
  /// there are threads.
  static func slotCount(loaders: Int) -> Int { loaders == 0 ? 1 : loaders + 2 }

  /// Allocates the slots.
  ///
  /// - Parameters:
  ///   - tops: the tensors to load.
  ///   - isTraining: whether to apply the transforms for training. The epochs then follow each other.
  ///     Otherwise the first epoch is repeated.
  ///   - loaders: the number of threads. With 0, the calling thread loads each batch.
  ///   - isSinglePass: whether the threads load each batch only once.
  /// - Throws: `KernelError` if there is not enough memory.
  init(
    _ dataset: Dataset, _ tops: [DataTop], _ order: EpochOrder, isTraining: Bool, loaders: Int,
    isSinglePass: Bool = false
  ) throws(KernelError) {
    shared = try SharedBatches(
      dataset, tops, order, isTraining: isTraining, slots: BatchQueue.slotCount(loaders: loaders),
      isSinglePass: isSinglePass)
    loaderCount = loaders
  }

  deinit {
    shared.stop()
    threads.change { threads in
      for thread in threads ?? [] { thread.join() }
    }
  }

  /// The memory of all slots of a tensor.
  func slots(of name: String) -> FloatStorage? { shared.slots(of: name) }

  /// The memory of all slots of the examples' weights. Nil when the queue does not mix them.
  var weightSlots: FloatStorage? { shared.weights?.slots }

  var slotCount: Int { shared.slotCount }

  /// Waits for a batch, and returns its slot. The slot keeps its values until the next call.
  ///
  /// - Throws: the failure of a loader, which names the file.
  func take(_ place: Place) throws(DataFailure) -> Int {
    startThreads()
    let hasThreads = threads.change { !($0 ?? []).isEmpty }
    return try shared.take(place, loads: !hasThreads)
  }

  private func startThreads() {
    threads.change { [shared, loaderCount] threads in
      guard threads == nil else { return }
      var made: [Thread] = []
      while made.count < loaderCount, let thread = Thread({ shared.loadUntilStopped() }) {
        made.append(thread)
      }
      threads = made
    }
  }
}

/// The slots of a queue, and the state that its threads share.
private final class SharedBatches: Sendable {
  /// The state of the slots.
  private struct State {
    /// The place of batch number 0.
    var start = BatchQueue.Place(epoch: 0, batch: 0)
    /// The number of the next batch to load. Batch n lies in slot n modulo the number of slots.
    var next = 0
    /// The number of the batch that the training reads. Nil before the first one.
    var taken: Int?
    /// For each slot, the number of the batch that it holds.
    var loaded: [Int?]
    /// The number of threads that write slots.
    var loading = 0
    var failure: (number: Int, failure: DataFailure)?
    var isStopped = false
    /// The orders of the last epochs.
    var orders: [(epoch: Int, order: [Int32])] = []
  }

  /// A batch to load.
  private struct Task {
    let number: Int
    let place: BatchQueue.Place
    /// The order of the epoch. Nil when examples follow each other as in the data set.
    let order: [Int32]?
  }

  private let dataset: Dataset
  private let tops: [DataTop]
  private let storages: [FloatStorage]
  /// The weights of all examples, and those of the loaded ones. Nil when batches are not mixed, or all
  /// examples count alike.
  let weights: (all: FloatStorage, slots: FloatStorage)?
  private let order: EpochOrder
  private let isTraining: Bool
  private let isSinglePass: Bool
  let slotCount: Int
  private let monitor: Monitor<State>
  /// The loader of the calling thread, when no thread loads ahead. Nil before the first batch.
  private let callerLoader = Monitor<ExampleLoader?>(nil)

  init(
    _ dataset: Dataset, _ tops: [DataTop], _ order: EpochOrder, isTraining: Bool, slots: Int,
    isSinglePass: Bool
  ) throws(KernelError) {
    var storages: [FloatStorage] = []
    for top in tops {
      guard let storage = FloatStorage(count: slots * order.batchSize * top.width) else {
        throw KernelError("not enough memory for \(slots) batches of '\(top.name)'")
      }
      storages.append(storage)
    }
    weights = try SharedBatches.mixedWeights(
      dataset, count: slots * order.batchSize, isTraining: isTraining)
    (self.dataset, self.tops, self.storages, self.order) = (dataset, tops, storages, order)
    self.isTraining = isTraining
    self.isSinglePass = isSinglePass
    slotCount = slots
    monitor = Monitor(State(loaded: Array(repeating: nil, count: slots)))
  }

  func slots(of name: String) -> FloatStorage? {
    tops.firstIndex { $0.name == name }.map { storages[$0] }
  }

  private static func mixedWeights(
    _ dataset: Dataset, count: Int, isTraining: Bool
  ) throws(KernelError) -> (all: FloatStorage, slots: FloatStorage)? {
    guard dataset.transforms?.mixes(isTraining: isTraining) ?? false,
      case .floats(let all) = dataset.weights?.tensor.storage
    else { return nil }
    guard let slots = FloatStorage(count: count) else {
      throw KernelError("not enough memory for \(count) weights of examples")
    }
    return (all, slots)
  }

  func stop() { monitor.change { $0.isStopped = true } }

  /// Waits for a batch, and returns its slot.
  ///
  /// - Parameter loads: whether this thread loads the batch itself.
  func take(_ place: BatchQueue.Place, loads: Bool) throws(DataFailure) -> Int {
    // The threads may still fill slots for other batches, which this batch would use.
    let number = monitor.wait { state -> Int? in
      if let taken = state.taken {
        if self.place(of: taken, in: state) == place { return taken }
        if self.place(of: taken + 1, in: state) == place {
          state.taken = taken + 1
          return taken + 1
        }
        // No thread starts another batch before the restart.
        state.next = .max
      }
      guard state.loading == 0 else { return nil }
      (state.start, state.next, state.taken, state.failure) = (place, 0, 0, nil)
      state.loaded = state.loaded.map { _ in nil }
      return 0
    }
    monitor.change { _ in }
    if loads { loadNext(through: number) }
    let failure = monitor.wait { state -> DataFailure?? in
      if let failed = state.failure, failed.number <= number { return .some(failed.failure) }
      return state.loaded[number % self.slotCount] == number ? .some(nil) : nil
    }
    if let failure { throw failure }
    return number % slotCount
  }

  /// The place of a batch by its number since the start.
  private func place(of number: Int, in state: State) -> BatchQueue.Place {
    let count = max(1, order.batchCount)
    let batch = state.start.batch + number
    return BatchQueue.Place(
      epoch: state.start.epoch + (isTraining ? batch / count : 0), batch: batch % count)
  }

  /// Loads the next batches on the calling thread.
  private func loadNext(through last: Int) {
    callerLoader.change { kept in
      var loader = kept ?? ExampleLoader(dataset, tops.map(\.name), isTraining: isTraining)
      // Only one copy exists, so that its memory is used again.
      kept = nil
      while let task = monitor.change({ $0.next <= last ? self.task(&$0) : nil }) {
        load(task, &loader)
      }
      kept = loader
    }
  }

  func loadUntilStopped() {
    var loader = ExampleLoader(dataset, tops.map(\.name), isTraining: isTraining)
    while true {
      let task = monitor.wait { state -> Task?? in
        if state.isStopped { return .some(nil) }
        guard let taken = state.taken, state.failure == nil, state.next < taken + self.slotCount,
          !self.isSinglePass || state.start.batch + state.next < self.order.batchCount
        else { return nil }
        return self.task(&state)
      }
      guard let task else { return }
      load(task, &loader)
    }
  }

  /// Returns the next batch to load.
  private func task(_ state: inout State) -> Task {
    let number = state.next
    let place = place(of: number, in: state)
    state.next += 1
    state.loading += 1
    guard order.shuffles else { return Task(number: number, place: place, order: nil) }
    if let known = state.orders.first(where: { $0.epoch == place.epoch }) {
      return Task(number: number, place: place, order: known.order)
    }
    var order = [Int32](repeating: 0, count: order.count)
    var span = order.mutableSpan
    self.order.write(epoch: place.epoch, into: &span)
    state.orders = state.orders.suffix(1) + [(place.epoch, order)]
    return Task(number: number, place: place, order: order)
  }

  private func load(_ task: Task, _ loader: inout ExampleLoader) {
    var failure: DataFailure?
    do throws(DataFailure) {
      try fill(task, &loader)
    } catch {
      failure = error
    }
    monitor.change { state in
      state.loading -= 1
      state.loaded[task.number % slotCount] = task.number
      guard let failure, state.failure.map({ $0.number > task.number }) ?? true else { return }
      state.failure = (task.number, failure)
    }
  }

  /// Loads the examples of a batch into its slot.
  private func fill(_ task: Task, _ loader: inout ExampleLoader) throws(DataFailure) {
    let range = order.batch(task.place.batch)
    let first = task.number % slotCount * order.batchSize
    for (row, place) in range.enumerated() {
      let example = task.order.map { Int($0[place]) } ?? place
      try loader.load(example, epoch: task.place.epoch)
      if let weights { weights.slots[first + row] = weights.all[example] }
      for (top, storage) in zip(tops, storages) {
        let start = (first + row) * top.width
        let part = FloatStorage(start..<start + top.width, of: storage)
        let buffer = unsafe part.buffer
        var span = unsafe buffer.mutableSpan
        loader.copy(top.name, to: &span)
      }
    }
    guard let share = loader.mixingShare(epoch: task.place.epoch, batch: task.place.batch) else {
      return
    }
    let widths = tops.map(\.width) + (weights == nil ? [] : [1])
    for (width, storage) in zip(widths, storages + (weights.map { [$0.slots] } ?? [])) {
      let start = first * width
      let part = FloatStorage(start..<start + range.count * width, of: storage)
      let buffer = unsafe part.buffer
      var span = unsafe buffer.mutableSpan
      Mixup.mix(&span, count: range.count, share: share)
    }
  }
}
