internal import Threads

/// Where a kernel belongs: to an operation, and to one slice, or one tile of a joint step.
typealias KernelPlace = (operation: Int, part: Int)

extension Schedule {
  /// The items of a stage, and the kernels of each in their order.
  func items(of stage: Stage, _ builder: PlanBuilder) -> [[KernelPlace]] {
    stage.isJoint ? jointItems(stage.operations, builder) : sliceItems(stage.operations, builder)
  }

  /// An item a slice, with all of its kernels.
  private func sliceItems(_ operations: Range<Int>, _ builder: PlanBuilder) -> [[KernelPlace]] {
    (0..<builder.sliceCount).map { slice in
      operations.map { (operation: $0, part: slice) }
    }
  }

  /// An item a tile; operations of a single tile are too small to be shared, and make one item
  /// together.
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

  /// The scratch memory of operations that need so many elements each; saturated.
  func scratch(_ counts: [Int], _ builder: PlanBuilder) -> [Placement.Scratch] {
    zip(operations, counts).enumerated().filter { $0.element.1 > 0 }.map { index, pair in
      let bytes = pair.1.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
      return Placement.Scratch(
        operation: index, bytes: bytes.overflow ? .max : bytes.partialValue,
        tiles: pair.0.partCount(builder))
    }
  }
}
