internal import Expressions
internal import Kernels
internal import Plans
internal import Tensors

extension PlanBuilder {
  /// Records the stages of a formula, each a kernel.
  ///
  /// - Parameter slots: of the inputs and the results; those of the values between stages are added.
  mutating func record(
    _ name: String, _ schedule: FormulaSchedule, _ slots: inout [FormulaSchedule.Tensor: Slot]
  ) {
    for number in schedule.stages.indices {
      let (stage, tensors, written) = FormulaStageBuilder.build(schedule, number)
      // A term that is only repeated elsewhere needs no loop of its own.
      if stage.instructions.isEmpty { continue }
      let operands = tensors.map { slot(of: $0, schedule, &slots) }
      let isWritten = tensors.map(written.contains)
      primitive(
        name, reads: zip(operands, isWritten).filter { !$0.1 }.map(\.0),
        writes: zip(operands, isWritten).filter(\.1).map(\.0), operands: operands
      ) { FormulaShape(stage, examples: $0) }
    }
  }

  private mutating func slot(
    of tensor: FormulaSchedule.Tensor, _ schedule: FormulaSchedule,
    _ slots: inout [FormulaSchedule.Tensor: Slot]
  ) -> Slot {
    if let slot = slots[tensor] { return slot }
    guard case .value(let term) = tensor else {
      preconditionFailure("a formula reads what is not there")
    }
    let shape = Shape([schedule.terms.exampleCount] + schedule.terms.shapes[term])
    let slot = batchSlot("\(layer) value \(term)", shape)
    slots[tensor] = slot
    return slot
  }
}
