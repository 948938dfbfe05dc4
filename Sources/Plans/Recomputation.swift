internal import Kernels
internal import Tensors

/// Computes what is cheap a second time instead of keeping it from one direction to the other.
///
/// What the backward direction reads lies in memory until then; in a deep network that is nearly all of the arena. Where
/// such a tensor is made in one pass over another that must stay anyway (a normalization of a convolution's result),
/// its bytes are given up after the forward direction, and the pass runs again before the first that reads it. The
/// bits are those of the first time, since the same kernel reads the same values.
///
/// Reference: T. Chen, B. Xu, C. Zhang, C. Guestrin, "Training deep nets with sublinear memory cost", 2016.
struct Recomputation {
  private let builder: PlanBuilder
  private let operations: [Operation]
  /// By slot: the operations that read it, and those that write it.
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

  /// True for one pass over memory that costs little beside what it follows.
  private func isRepeatable(_ operation: Operation) -> Bool {
    guard case .primitive(let request) = operation.work else { return false }
    return request.shape(operation.part(0, builder)).isRepeatable
  }

  /// The bytes of what lies in slices and waits for the backward direction; saturated.
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

  /// Before which operation the one at `index` runs again; nil if it does not.
  private func place(ofRepeated index: Int) -> Int? {
    let operation = operations[index]
    guard operation.scope == .slice, isRepeatable(operation), operation.writes.count == 1,
      case let result = operation.writes[0].index, writers[result] == [index],
      slots[result].extent == .rows, !slots[result].isReadOutside,
      let reader = firstBackwardReader(of: result), operations[reader].scope == .slice
    else { return nil }
    // What it reads is still there, and still the same.
    let staysThere = operation.reads.allSatisfy { slot in
      let isThere = slots[slot.index].isExternal || (readers[slot.index].last ?? 0) >= reader
      return isThere && writers[slot.index].allSatisfy { $0 < index }
    }
    return staysThere ? reader : nil
  }

  /// The operations, and before those that read them again the ones that run a second time.
  ///
  /// - Parameter limit: in bytes; where no more wait for the backward direction, nothing runs twice.
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
  /// The same work in the backward direction, whose result is no longer there.
  fileprivate var again: Operation {
    Operation(
      name: "\(name) again", layers: layers, reads: reads, writes: writes, scope: scope,
      exchanges: exchanges, work: work, role: .recomputed)
  }
}
