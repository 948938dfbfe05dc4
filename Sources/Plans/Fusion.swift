extension PlanBuilder {
  /// The operations in the order of a plan.
  ///
  /// Operations that read only parameters come first. Elementwise operations are fused into the
  /// preceding primitives. Sums over the batch move to the end if no operation needs them earlier.
  /// If the kept tensors take too much memory, cheap results are computed twice.
  ///
  /// - Parameter fuses: false to keep every intermediate result for inspection. Fusion and
  ///   recomputation are then off.
  package func arrangedOperations(fuses: Bool = true) -> [Operation] {
    let prepared = preparationsFirst(operations)
    let fused = fuses ? fuse(prepared) : prepared
    let arranged =
      sliceCount > 1
      ? fused.filter { $0.role != .deferredSum } + fused.filter { $0.role == .deferredSum } : fused
    return fuses ? Recomputation(arranged, self).arranged(limit: keptLimit) : arranged
  }

  /// Moves preparations of parameters that no operation changes to the front.
  private func preparationsFirst(_ operations: [Operation]) -> [Operation] {
    guard operations.contains(where: { $0.role == .preparation }) else { return operations }
    var isWritten = [Bool](repeating: false, count: slots.count)
    for slot in operations.flatMap(\.writes) { isWritten[slot.index] = true }
    func comesFirst(_ operation: Operation) -> Bool {
      operation.role == .preparation
        && operation.reads.allSatisfy { slots[$0.index].isExternal && !isWritten[$0.index] }
    }
    return operations.filter(comesFirst) + operations.filter { !comesFirst($0) }
  }

  /// Fuses `primitive → x` with a following `y = f(x)` or `y = x + z`, if nothing else reads x. The
  /// result is one primitive → y, and x is never stored.
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

  /// Fuses two consecutive operations into one. Nil if fusion is impossible.
  private func fuse(
    _ last: Operation, with operation: Operation, _ readers: [Int]
  ) -> Operation? {
    guard case .primitive(let first) = last.work, case .primitive(let second) = operation.work,
      last.writes.count == 1, operation.writes.count == 1
    else { return nil }
    let (between, result) = (last.writes[0], slots[operation.writes[0].index])
    guard operation.reads.contains(between), readers[between.index] == 1,
      !slots[between.index].isReadOutside
    else { return nil }
    // The addends have the layout and shape of the result.
    let others = operation.reads.filter { $0 != between }
    let areAlike = others.allSatisfy {
      slots[$0.index].layout == result.layout && slots[$0.index].shape == result.shape
    }
    guard areAlike, let request = first.fused(with: second, others, on: last.part(0, self)) else {
      return nil
    }
    let reads = last.reads + others
    return Operation(
      name: "\(last.name)+\(operation.name)",
      layers: last.layers + operation.layers.filter { !last.layers.contains($0) },
      reads: reads, writes: operation.writes, scope: last.scope,
      exchanges: exchanges(last.scope, reads + operation.writes), work: .primitive(request),
      role: last.role)
  }
}
