internal import Kernels

/// The estimated memory of a plan in bytes, before it is allocated.
package struct PlanMemory {
  /// Identifies packed weights. Slices, layers and plans with equal primitives share them.
  package struct Layout: Hashable {
    let parameter: String
    let shape: AnyHashable
  }

  /// The bytes of tensors and of the scratch memory that the shapes of primitives determine. Nil on
  /// overflow.
  package let arena: Int?
  /// The parameters in the layouts that primitives choose.
  package let packed: [Layout: Double]
  package var packedWeights: Double { packed.values.reduce(0, +) }
}

extension Plan {
  /// Estimates the memory of a plan without preparing it.
  package static func estimatedMemory(
    _ builder: PlanBuilder, sharesBytes: Bool = true
  ) -> PlanMemory {
    let schedule = Schedule(
      builder.arrangedOperations(fuses: sharesBytes), slotCount: builder.slots.count)
    var packed: [PlanMemory.Layout: Double] = [:]
    let scratchCounts = schedule.operations.map { operation in
      let shapes = operation.shapes(builder)
      // Slices share packed weights, and every tile has its own.
      let packing = operation.scope == .slice ? shapes.prefix(1) : shapes[...]
      for shape in packing {
        guard case .primitive(let request) = operation.work,
          let (operand, count) = shape.extraMemory.packed
        else { continue }
        let key = PlanMemory.Layout(
          parameter: builder.slots[request.operands[operand].index].name, shape: AnyHashable(shape))
        packed[key] = Double(count) * Double(MemoryLayout<Float>.stride)
      }
      return shapes.map(\.extraMemory.scratch).max() ?? 0
    }
    let placement = Placement(
      builder, schedule, scratch: schedule.scratch(scratchCounts, builder), sharesBytes: sharesBytes
    )
    return PlanMemory(arena: placement.bytes, packed: packed)
  }
}
