internal import Kernels

/// What a plan will take of memory, in bytes, before any of it is there.
package struct PlanMemory {
  /// Slices, layers and plans whose primitives are alike share packed weights.
  package struct Layout: Hashable {
    let parameter: String
    let shape: AnyHashable
  }

  /// Tensors, with the scratch memory of primitives as far as their shapes tell; nil if they overflow.
  package let arena: Int?
  /// Parameters in the layouts that primitives choose.
  package let packed: [Layout: Double]
  package var packedWeights: Double { packed.values.reduce(0, +) }
}

extension Plan {
  /// What a plan would take; nothing is prepared.
  package static func estimatedMemory(
    _ builder: PlanBuilder, sharesBytes: Bool = true
  ) -> PlanMemory {
    let schedule = Schedule(
      builder.arrangedOperations(fuses: sharesBytes), slotCount: builder.slots.count)
    var packed: [PlanMemory.Layout: Double] = [:]
    let scratchCounts = schedule.operations.map { operation in
      guard case .primitive(let request) = operation.work else { return 0 }
      let shape = request.shape(operation.part(0, builder))
      let extra = shape.extraMemory
      if let (operand, count) = extra.packed {
        let key = PlanMemory.Layout(
          parameter: builder.slots[request.operands[operand].index].name, shape: AnyHashable(shape))
        packed[key] = Double(count) * Double(MemoryLayout<Float>.stride)
      }
      return extra.scratch
    }
    let placement = Placement(
      builder, schedule, scratch: schedule.scratch(scratchCounts, builder), sharesBytes: sharesBytes
    )
    return PlanMemory(arena: placement.bytes, packed: packed)
  }
}
