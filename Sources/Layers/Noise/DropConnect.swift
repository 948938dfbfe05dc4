package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = x·(M ∘ W)ᵀ / (1 − dropconnect_ratio) + b in training; y = x·Wᵀ + b in tests
///
/// x is [N, …], read as [N, in]. W is [out, in], b is [out], and y is [N, out]. Each element of M
/// is 0 with probability `dropconnect_ratio` and 1 otherwise. The layer draws M once for each step,
/// and all examples of the batch share it.
///
/// ∂W = M ∘ (∂yᵀ·x) / (1 − dropconnect_ratio). The division keeps the expected value of each
/// weight, so that the test phase uses W itself. The bias is never dropped.
///
/// The paper draws a mask for each example, which needs the memory of a weight matrix for each
/// example. In tests the paper draws samples to approximate the mean. Here the test phase uses the
/// mean of the weights.
///
/// Reference: L. Wan, M. Zeiler, S. Zhang, Y. LeCun, R. Fergus, "Regularization of neural networks
/// using DropConnect", 2013.
package struct DropConnect: UnitLayer {
  /// The linear layer with the undropped weights.
  var linear = Linear()
  /// The probability that a weight is dropped, in [0, 1).
  var ratio = 0.5

  package init() {}

  package static let reference = Reference(
    "DropConnect",
    formula: "y = x·(M ∘ W)ᵀ / (1 − dropconnect_ratio) + b in training; y = x·Wᵀ + b in tests",
    discussion: """
      A Linear layer that drops weights at random in each training step. All examples of the batch
      share the mask, and the kept weights are scaled up. Reads [N, …] as [N, in] and gives [N,
      num_output]. Parameters: weight [num_output, in], bias [num_output], which is never dropped.
      """,
    example: "{name: ip1, type: DropConnect, num_output: 100, dropconnect_ratio: 0.3}")

  package static let fields: [Field<DropConnect>] = [
    .required(
      "num_output", \.linear.outputCount, .within(1...2_147_483_647), "The number of outputs."),
    .optional(
      "dropconnect_ratio", \.ratio, .within(0..<1), "The probability that a weight is dropped."),
    .optional("bias_term", \.linear.hasBias, "Whether to add a bias to every output."),
    .optional("weight_filler", \.linear.weightFiller, "Initial values of the weights."),
    .optional("bias_filler", \.linear.biasFiller, "Initial values of the bias."),
  ]

  package var idleFields: [IdleField] { linear.idleFields }

  /// - Throws: ``ShapeFailure`` under the conditions of ``Linear``.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try linear.outputShapes(inputs)
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    linear.parameters(inputs)
  }

  package var unitCount: Int { linear.unitCount }
  package func consecutiveWeights(_ weight: Shape) -> Int? { linear.consecutiveWeights(weight) }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    linear.flops(inputs, outputs)
  }

  /// Records the linear layer with the masked weights, and returns it for backward.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> RecordedLayer {
    var dropped = pass
    if pass.phase.draws(ratio) {
      let weight = pass.parameters[0]
      let kept = plan.sharedSlot("kept weight", parameters(pass.inputShapes)[0].shape)
      record("weight mask", from: weight.value, to: kept, pass, &plan)
      dropped.parameters[0] = ParameterTensor(value: kept, order: weight.order)
    }
    return RecordedLayer(linear, dropped, &plan)
  }

  /// Records the gradients of the linear layer, and masks ∂W.
  package func backward(
    _ pass: inout BackwardPass, _ dropped: RecordedLayer, _ plan: inout PlanBuilder
  ) {
    guard pass.outputGradients[0] != nil else { return }
    var linearPass = BackwardPass(
      dropped.pass, outputGradients: pass.outputGradients, inputGradients: pass.inputGradients,
      parameterGradients: pass.parameterGradients)
    dropped.backward(&linearPass, &plan)
    if pass.phase.draws(ratio), let gradient = pass.parameterGradients[0] {
      // The mask runs after the joint steps of the gradient, which are deferred as well.
      record(
        "weight gradient mask", from: gradient, to: gradient, role: .deferredSum, pass.forward,
        &plan)
    }
  }

  /// Records result = M ∘ weight / (1 − ratio), once for the whole batch.
  private func record(
    _ name: String, from weight: Slot, to result: Slot, role: Operation.Role? = nil,
    _ pass: ForwardPass, _ plan: inout PlanBuilder
  ) {
    let (noise, ratio, order) = (pass.phase.noise, ratio, pass.parameters[0].order)
    let shape = parameters(pass.inputShapes)[0].shape
    plan.recordJoint(name, reads: [weight], writes: [result], role: role) { binding in
      dropout(
        noise.mask(ratio: ratio), of: binding.floats(weight), to: binding.floats(result),
        rows: shape[0], columns: shape[1], order: order)
    }
  }
}
