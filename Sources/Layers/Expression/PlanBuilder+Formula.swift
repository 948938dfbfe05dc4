internal import Expressions
internal import LayerKernels
internal import Plans
internal import Tensors

extension PlanBuilder {
  /// Records the stages of a formula, each as a kernel.
  ///
  /// - Parameters:
  ///   - name: the name of the kernels in the plan.
  ///   - schedule: the stages.
  ///   - slots: the slots of the inputs and the results. The method adds those of the values
  ///     between stages.
  mutating func record(
    _ name: String, _ schedule: FormulaSchedule, _ slots: inout [FormulaSchedule.Tensor: Slot]
  ) {
    for number in schedule.stages.indices {
      let (stage, tensors, written) = FormulaStageBuilder.build(schedule, number)
      // A term that other stages only repeat needs no loop of its own.
      if stage.instructions.isEmpty { continue }
      let operands = tensors.map { slot(of: $0, schedule, &slots) }
      let isWritten = tensors.map(written.contains)
      primitive(
        name, reads: zip(operands, isWritten).filter { !$0.1 }.map(\.0),
        writes: zip(operands, isWritten).filter(\.1).map(\.0), operands: operands
      ) { FormulaShape(stage, examples: $0) }
    }
  }

  /// Returns the slot of a tensor, and adds one for a value between stages.
  private mutating func slot(
    of tensor: FormulaSchedule.Tensor, _ schedule: FormulaSchedule,
    _ slots: inout [FormulaSchedule.Tensor: Slot]
  ) -> Slot {
    if let slot = slots[tensor] { return slot }
    guard case .value(let term) = tensor else {
      preconditionFailure("a formula reads a tensor that does not exist")
    }
    let shape = Shape([schedule.terms.exampleCount] + schedule.terms.shapes[term])
    let slot = batchSlot("\(layer) value \(term)", shape)
    slots[tensor] = slot
    return slot
  }
}
