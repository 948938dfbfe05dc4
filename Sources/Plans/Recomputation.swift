internal import Kernels
internal import Tensors

/// Computes cheap results twice instead of keeping them for the backward pass.
///
/// Results that the backward pass reads stay in memory until it reads them. In a deep network they
/// take nearly the whole arena. Some results are cheap: they come from one pass over a tensor that
/// stays in memory anyway. An example is the normalization of a convolution's result. Such a result
/// is discarded after the forward pass, and computed again before its first reader. The same kernel
/// reads the same values, so the bits are the same.
///
/// Reference: T. Chen, B. Xu, C. Zhang, C. Guestrin, "Training deep nets with sublinear memory
/// cost", 2016.
struct Recomputation {
  private let builder: PlanBuilder
  private let operations: [Operation]
  /// For each slot, the operations that read it, and those that write it.
  private let readers: [[Int]]
  private let writers: [[Int]]

  init(_ operations: [Operation], _ builder: PlanBuilder) {
    self.builder = builder
    self.operations = operations
    var readers = [[Int]](repeating: [], count: builder.slots.count)
    var writers = readers
    for (index, operation) in operations.enumerated() {
      for slot in operation.reads { readers[slot.index].append(index) }
      for slot in operation.writes { writers[slot.index].append(index) }
    }
    self.readers = readers
    self.writers = writers
  }

  private var slots: [SlotDescription] { builder.slots }

  /// Whether the operation is a single pass over memory, which is cheap compared with the preceding
  /// operation.
  private func isRepeatable(_ operation: Operation) -> Bool {
    guard case .primitive(let request) = operation.work else { return false }
    return request.shape(operation.part(0, builder)).isRepeatable
  }

  /// The bytes of the slices' tensors that are kept for the backward pass. `Int.max` on overflow.
  private var keptBytes: Int {
    slots.indices.reduce(0) { total, slot in
      guard let first = writers[slot].first, !operations[first].isBackward,
        firstBackwardReader(of: slot) != nil, !slots[slot].isReadOutside
      else { return total }
      let bytes = slots[slot].shape.count.multipliedReportingOverflow(
        by: slots[slot].element.rawValue)
      let sum = total.addingReportingOverflow(bytes.partialValue)
      return bytes.overflow || sum.overflow ? Int.max : sum.partialValue
    }
  }

  private func firstBackwardReader(of slot: Int) -> Int? {
    readers[slot].first { operations[$0].isBackward }
  }

  /// The index of the operation before which operation `index` runs again. Nil if it does not run
  /// again.
  private func place(ofRepeated index: Int) -> Int? {
    let operation = operations[index]
    guard operation.scope == .slice, isRepeatable(operation), operation.writes.count == 1,
      case let result = operation.writes[0].index, writers[result] == [index],
      slots[result].extent == .rows, !slots[result].isReadOutside,
      let reader = firstBackwardReader(of: result), operations[reader].scope == .slice
    else { return nil }
    // The operands still exist and are unchanged.
    let staysThere = operation.reads.allSatisfy { slot in
      let isAvailable = slots[slot.index].isExternal || (readers[slot.index].last ?? 0) >= reader
      return isAvailable && writers[slot.index].allSatisfy { $0 < index }
    }
    return staysThere ? reader : nil
  }

  /// The operations, with recomputations inserted before the first readers.
  ///
  /// - Parameter limit: a number of bytes. If the kept tensors do not exceed it, nothing is
  ///   computed twice.
  func arranged(limit: Int) -> [Operation] {
    guard keptBytes > limit else { return operations }
    var repeated = [[Operation]](repeating: [], count: operations.count)
    for (index, operation) in operations.enumerated() {
      guard let place = place(ofRepeated: index) else { continue }
      repeated[place].append(operation.again)
    }
    return zip(repeated, operations).flatMap { $0 + [$1] }
  }
}

extension Operation {
  /// The same work, repeated in the backward pass because its result was discarded.
  fileprivate var again: Operation {
    Operation(
      name: "\(name) again", layers: layers, reads: reads, writes: writes, scope: scope,
      exchanges: exchanges, work: work, role: .recomputed)
  }
}
