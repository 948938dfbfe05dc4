internal import LayerKernels
internal import Plans
internal import Tensors

extension Loss {
  /// Records a gradient, and multiplies that of each example by its weight.
  ///
  /// - Parameters:
  ///   - gradient: the slot that receives the gradient.
  ///   - record: records the kernel that writes a gradient of equal weights into a slot. The
  ///     gradient is already divided by the divisor of the weighted loss.
  func recordWeighted(
    _ gradient: Slot, _ pass: BackwardPass, _ plan: inout PlanBuilder,
    _ record: (_ result: Slot, _ plan: inout PlanBuilder) -> Void
  ) {
    guard let weights = pass.exampleWeights else { return record(gradient, &plan) }
    let shape = plan.shape(of: gradient)
    let equal = plan.batchSlot("gradient of equal weights", shape)
    record(equal, &plan)
    let width = shape.example.count
    plan.record("weights of examples", reads: [equal, weights], writes: [gradient]) { binding in
      weightedGradient(
        binding.floats(equal), binding.floats(weights), to: binding.floats(gradient),
        examples: binding.examples.count, width: width)
    }
  }
}
