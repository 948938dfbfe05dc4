internal import Threads

/// The operations in stages, and the lifetimes of tensors.
///
/// Within a stage, slices run independently. Between stages, all slices wait for each other.
package struct Schedule: Sendable {
  /// Consecutive operations without a barrier between them.
  package struct Stage: Sendable {
    package let isJoint: Bool
    package fileprivate(set) var operations: Range<Int>
  }

  package let operations: [Operation]
  package let stages: [Stage]
  /// For each slot, the range from the first to the last operation that uses it. Empty for an
  /// unused tensor.
  ///
  /// A recomputed tensor has a second range, which begins at the recomputation.
  package let lives: [[ClosedRange<Int>]]

  package init(_ operations: [Operation], slotCount: Int) {
    self.operations = operations
    var lives = [[ClosedRange<Int>]](repeating: [], count: slotCount)
    for (index, operation) in operations.enumerated() {
      if operation.role == .recomputed {
        for slot in operation.writes { lives[slot.index].append(index...index) }
      }
      for slot in operation.reads + operation.writes {
        let life = lives[slot.index].popLast() ?? index...index
        lives[slot.index].append(life.lowerBound...index)
      }
    }
    self.lives = lives
    var stages: [Stage] = []
    // The slots that the last stage reads and writes.
    var (read, written): (Set<Slot>, Set<Slot>) = ([], [])
    for (index, operation) in operations.enumerated() {
      let isJoint = operation.scope != .slice
      // Joint steps that are independent of each other share one stage.
      let waits =
        isJoint
        && ((operation.reads + operation.writes).contains(where: written.contains)
          || operation.writes.contains(where: read.contains))
      if let last = stages.last, last.isJoint == isJoint, !waits {
        stages[stages.count - 1].operations = last.operations.lowerBound..<index + 1
      } else {
        stages.append(Stage(isJoint: isJoint, operations: index..<index + 1))
        (read, written) = ([], [])
      }
      read.formUnion(operation.reads)
      written.formUnion(operation.writes)
    }
    self.stages = stages
  }

  /// The lifetime of a tensor that all slices share. It covers whole stages, because slices reach
  /// an operation at different times.
  func life(ofShared life: ClosedRange<Int>) -> ClosedRange<Int> {
    guard let first = stage(of: life.lowerBound), let last = stage(of: life.upperBound) else {
      return life
    }
    return first.operations.lowerBound...last.operations.upperBound - 1
  }

  /// The stage of an operation, found by binary search.
  private func stage(of operation: Int) -> Stage? {
    var (low, high) = (0, stages.count)
    while low < high {
      let middle = (low + high) / 2
      if stages[middle].operations.upperBound > operation {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low < stages.count ? stages[low] : nil
  }
}
