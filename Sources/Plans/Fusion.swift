internal import Kernels

extension Operation.Work {
  /// The work with a nonlinearity of its result, which goes to `result`; nil where it cannot have one.
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
  /// The operations in the order of a plan: nonlinearities fused into the products before them, sums over the batch
  /// that can wait put off to the end, and what is cheap computed a second time where memory is dear.
  ///
  /// - Parameter fuses: false stores what fusion would leave out and keeps what would be given up, so that all can be
  ///   looked at.
  package func arrangedOperations(fuses: Bool = true) -> [Operation] {
    let fused = fuses ? fuse(operations) : operations
    let arranged =
      sliceCount > 1
      ? fused.filter { !$0.isDeferred } + fused.filter(\.isDeferred) : fused
    return fuses ? Recomputation(arranged, slots).arranged(limit: keptLimit) : arranged
  }

  /// `product → x`, then `y = f(x)`, where nothing else reads x, becomes `product with f → y`: x is
  /// never stored. A convolution likewise.
  private func fuse(_ operations: [Operation]) -> [Operation] {
    var readers = [Int](repeating: 0, count: slots.count)
    for slot in operations.flatMap(\.reads) { readers[slot.index] += 1 }
    var result: [Operation] = []
    for operation in operations {
      guard case .nonlinearity(let function) = operation.work, let last = result.last,
        last.writes == operation.reads,
        case let between = operation.reads[0], readers[between.index] == 1,
        !slots[between.index].isReadOutside,
        let work = last.work.fusing(function, to: operation.writes[0])
      else {
        result.append(operation)
        continue
      }
      result[result.count - 1] = Operation(
        name: "\(last.name)+\(operation.name)", layers: last.layers + operation.layers,
        reads: last.reads, writes: operation.writes, scope: last.scope, work: work,
        isDeferred: false, isBackward: last.isBackward, isRepeatable: last.isRepeatable)
    }
    return result
  }
}
