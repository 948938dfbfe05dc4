package import Kernels
internal import Tensors
package import Threads

/// A compiled plan: memory, and prepared kernels in flat lists.
///
/// A run does not allocate memory and does not search tables.
package final class Plan {
  let builder: PlanBuilder
  package let schedule: Schedule
  package let placement: Placement
  /// The name of the implementation of each operation.
  package let implementations: [String]
  private let memory: Storage<UInt8>
  let packedWeights: PackedWeights
  let stages: [Stage]

  /// Chooses implementations, assigns memory, and prepares every kernel.
  ///
  /// - Parameter sharesBytes: false to store every tensor and keep it until the end, for
  ///   inspection.
  /// - Throws: `KernelError` if the memory is not available or `DLRUN_VECTORS` names unknown tiles.
  package init(
    _ builder: PlanBuilder, cache: ImplementationCache, sharesBytes: Bool = true
  ) throws(KernelError) {
    self.builder = builder
    schedule = Schedule(
      builder.arrangedOperations(fuses: sharesBytes), slotCount: builder.slots.count)
    let implementations = try schedule.operations.map { operation throws(KernelError) in
      try operation.implementations(builder, cache)
    }
    let scratch = schedule.scratch(
      implementations.map { $0.map(\.scratchCount).max() ?? 0 }, builder)
    self.implementations = implementations.map { $0.first?.name ?? "swift" }
    placement = Placement(builder, schedule, scratch: scratch, sharesBytes: sharesBytes)
    guard let bytes = placement.bytes, let memory = Storage<UInt8>(count: bytes) else {
      throw KernelError("cannot allocate the memory of the plan")
    }
    self.memory = memory
    let packedWeights = try PackedWeights(builder, schedule, implementations, cache)
    self.packedWeights = packedWeights
    let binder = Binder(
      resolver: Resolver(builder: builder, placement: placement, memory: memory),
      schedule: schedule, implementations: implementations, packedWeights: packedWeights,
      scratch: Dictionary(uniqueKeysWithValues: zip(scratch.map(\.operation), placement.scratch)))
    stages = (packedWeights.stage.map { [$0] } ?? []) + (try binder.stages())
  }

  /// The bytes of the plan's memory: tensors, and the scratch memory of primitives.
  package var arenaBytes: Int { memory.count }

  /// Runs all stages.
  package func run(on workers: Workers) {
    for stage in stages { workers.run(stage) }
  }

  /// The whole kept tensor, or any tensor of a plan with one slice.
  package func floats(_ slot: Slot) -> FloatView {
    Resolver(builder: builder, placement: placement, memory: memory).floats(slot, slice: nil)
  }

  /// The statistics of the batch after a run.
  package func doubles(_ slot: Slot) -> DoubleView {
    Resolver(builder: builder, placement: placement, memory: memory).doubles(slot, slice: nil)
  }
}
