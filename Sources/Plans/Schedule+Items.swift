internal import Threads

/// The position of a kernel: its operation, and its slice or its tile of a joint step.
typealias KernelPlace = (operation: Int, part: Int)

extension Schedule {
  /// The items of a stage, each with its kernels in order.
  func items(of stage: Stage, _ builder: PlanBuilder) -> [[KernelPlace]] {
    stage.isJoint ? jointItems(stage.operations, builder) : sliceItems(stage.operations, builder)
  }

  /// One item for each slice, with all of its kernels.
  private func sliceItems(_ operations: Range<Int>, _ builder: PlanBuilder) -> [[KernelPlace]] {
    (0..<builder.sliceCount).map { slice in
      operations.map { (operation: $0, part: slice) }
    }
  }

  /// One item for each tile. Operations with a single tile are too small to share, and together
  /// form one item.
  private func jointItems(_ operations: Range<Int>, _ builder: PlanBuilder) -> [[KernelPlace]] {
    var items: [[KernelPlace]] = []
    var small: [KernelPlace] = []
    for index in operations {
      let parts = self.operations[index].partCount(builder)
      guard parts > 1 else {
        small.append((operation: index, part: 0))
        continue
      }
      items += (0..<parts).map { [(operation: index, part: $0)] }
    }
    return small.isEmpty ? items : items + [small]
  }

  /// The scratch memory of operations, computed from the number of elements that each needs.
  /// `Int.max` bytes on overflow.
  func scratch(_ counts: [Int], _ builder: PlanBuilder) -> [Placement.Scratch] {
    zip(operations, counts).enumerated().filter { $0.element.1 > 0 }.map { index, pair in
      let bytes = pair.1.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
      return Placement.Scratch(
        operation: index, bytes: bytes.overflow ? .max : bytes.partialValue,
        tiles: pair.0.partCount(builder))
    }
  }
}
