internal import Kernels

extension PlanBuilder {
  /// The operations in the order of a plan: nonlinearities fused into the products before them, and
  /// sums over the batch that can wait put off to the end.
  ///
  /// - Parameter fuses: false stores what fusion would leave out, so that all can be looked at.
  package func arrangedOperations(fuses: Bool = true) -> [Operation] {
    let fused = fuses ? fuse(operations) : operations
    guard sliceCount > 1 else { return fused }
    return fused.filter { !$0.isDeferred } + fused.filter(\.isDeferred)
  }

  /// `product → x`, then `y = f(x)`, where nothing else reads x, becomes `product with f → y`: x is
  /// never stored.
  private func fuse(_ operations: [Operation]) -> [Operation] {
    var readers = [Int](repeating: 0, count: slots.count)
    for slot in operations.flatMap(\.reads) { readers[slot.index] += 1 }
    var result: [Operation] = []
    for operation in operations {
      guard case .nonlinearity(let function) = operation.work, let last = result.last,
        case .product(var request) = last.work, request.nonlinearity == nil,
        last.scope == .slice, last.writes == operation.reads,
        readers[request.result.index] == 1, !slots[request.result.index].isReadOutside
      else {
        result.append(operation)
        continue
      }
      request.nonlinearity = function
      request.result = operation.writes[0]
      result[result.count - 1] = Operation(
        name: "\(last.name)+\(operation.name)", layer: "\(last.layer)+\(operation.layer)",
        reads: last.reads, writes: operation.writes, scope: .slice, work: .product(request),
        isDeferred: false)
    }
    return result
  }
}
