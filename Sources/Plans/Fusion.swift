internal import Kernels

extension Operation.Work {
  /// The work with a nonlinearity of its result, which goes to `result`; nil if it cannot have one.
  fileprivate func fusing(_ function: Nonlinearity, to result: Slot) -> Operation.Work? {
    switch self {
    case .product(var request) where request.nonlinearity == nil:
      request.nonlinearity = function
      request.result = result
      return .product(request)
    case .primitive(let request) where request.canFuse && request.nonlinearity == nil:
      return .primitive(request.fusing(function, to: result))
    default:
      return nil
    }
  }
}

extension PlanBuilder {
  /// The operations in the order of a plan: what follows from parameters alone first, nonlinearities fused into the
  /// products before them, sums over the batch that can wait put off to the end, and what is cheap computed a second
  /// time where memory is dear.
  ///
  /// - Parameter fuses: false stores what fusion would leave out and keeps what would be given up, so that all can be
  ///   looked at.
  package func arrangedOperations(fuses: Bool = true) -> [Operation] {
    let prepared = preparationsFirst(operations)
    let fused = fuses ? fuse(prepared) : prepared
    let arranged =
      sliceCount > 1
      ? fused.filter { !$0.isDeferred } + fused.filter(\.isDeferred) : fused
    return fuses ? Recomputation(arranged, slots).arranged(limit: keptLimit) : arranged
  }

  /// Preparations of parameters that no operation changes, and then the others.
  private func preparationsFirst(_ operations: [Operation]) -> [Operation] {
    guard operations.contains(where: \.isPreparation) else { return operations }
    var isWritten = [Bool](repeating: false, count: slots.count)
    for slot in operations.flatMap(\.writes) { isWritten[slot.index] = true }
    func comesFirst(_ operation: Operation) -> Bool {
      operation.isPreparation
        && operation.reads.allSatisfy { slots[$0.index].isExternal && !isWritten[$0.index] }
    }
    return operations.filter(comesFirst) + operations.filter { !comesFirst($0) }
  }

  /// `product → x`, then `y = f(x)`, where nothing else reads x, becomes `product with f → y`: x is
  /// never stored. A convolution likewise, and with `y = x + z` too.
  private func fuse(_ operations: [Operation]) -> [Operation] {
    var readers = [Int](repeating: 0, count: slots.count)
    for slot in operations.flatMap(\.reads) { readers[slot.index] += 1 }
    var result: [Operation] = []
    for operation in operations {
      if let last = result.last, let fused = fuse(last, with: operation, readers) {
        result[result.count - 1] = fused
      } else {
        result.append(operation)
      }
    }
    return result
  }

  /// One operation of two that follow each other; nil if they stay two.
  private func fuse(
    _ last: Operation, with operation: Operation, _ readers: [Int]
  ) -> Operation? {
    guard last.writes.count == 1, operation.writes.count == 1 else { return nil }
    let (between, result) = (last.writes[0], operation.writes[0])
    guard operation.reads.contains(between), readers[between.index] == 1,
      !slots[between.index].isReadOutside
    else { return nil }
    let others = operation.reads.filter { $0 != between }
    let work: Operation.Work? =
      switch operation.work {
      case .nonlinearity(let function):
        last.work.fusing(function, to: result)
      case .primitive(let sum) where sum.isSum && sum.nonlinearity == nil && others.count == 1:
        adding(others[0], to: last.work, result)
      default:
        nil
      }
    guard let work else { return nil }
    return Operation(
      name: "\(last.name)+\(operation.name)",
      layers: last.layers + operation.layers.filter { !last.layers.contains($0) },
      reads: last.reads + others, writes: operation.writes, scope: last.scope, work: work,
      isDeferred: false, isBackward: last.isBackward, isRepeatable: last.isRepeatable)
  }

  /// A convolution with `addend`, which lies as its result does.
  private func adding(
    _ addend: Slot, to work: Operation.Work, _ result: Slot
  ) -> Operation.Work? {
    let (added, made) = (slots[addend.index], slots[result.index])
    guard case .primitive(let request) = work, added.layout == made.layout,
      added.shape == made.shape, let sum = request.adding(addend, to: result)
    else { return nil }
    return .primitive(sum)
  }
}
