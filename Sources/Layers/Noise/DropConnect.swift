package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// y = x·(M ∘ W)ᵀ / (1 − dropconnect_ratio) + b in training; y = x·Wᵀ + b in tests
///
/// x is [N, …], read as [N, in]; W is [out, in], b [out], y [N, out]. M is 0 with probability `dropconnect_ratio` and 1
/// otherwise, drawn for each weight in each step, for all examples of the batch alike. Since what is kept grows by as
/// much, W is the expected weight of both phases. ∂W = M ∘ (∂yᵀ·x) / (1 − dropconnect_ratio).
///
/// The paper draws a mask for each example, at the price of a weight matrix an example, and approximates the mean of
/// the test phase by sampling; here the mean of the weights is taken.
///
/// Reference: L. Wan, M. Zeiler, S. Zhang, Y. LeCun, R. Fergus, "Regularization of neural networks using DropConnect",
/// 2013.
package struct DropConnect: UnitLayer {
  var linear = Linear()
  var ratio = 0.5

  package init() {}

  package static let reference = Reference(
    "DropConnect",
    formula: "y = x·(M ∘ W)ᵀ / (1 − dropconnect_ratio) + b in training; y = x·Wᵀ + b in tests",
    discussion: """
      A Linear layer whose weights are dropped at random in each step of the training, for all examples of the
      batch alike; what is kept is scaled up. Reads [N, …] as [N, in] and gives [N, num_output]. Parameters: weight
      [num_output, in], bias [num_output], which is never dropped.
      """,
    example: "{name: ip1, type: DropConnect, num_output: 100, dropconnect_ratio: 0.3}")

  package static let fields: [Field<DropConnect>] = [
    .required(
      "num_output", \.linear.outputCount, .within(1...2_147_483_647), "Outputs of the layer."),
    .optional(
      "dropconnect_ratio", \.ratio, .within(0..<1), "The probability that a weight is dropped."),
    .optional("bias_term", \.linear.hasBias, "Adds a bias to every output."),
    .optional("weight_filler", \.linear.weightFiller, "First values of the weights."),
    .optional("bias_filler", \.linear.biasFiller, "First values of the bias."),
  ]

  package var idleFields: [IdleField] { linear.idleFields }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try linear.outputShapes(inputs)
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    linear.parameters(inputs)
  }

  package var unitCount: Int { linear.unitCount }
  package func runOfWeights(_ weight: Shape) -> Int? { linear.runOfWeights(weight) }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    linear.flops(inputs, outputs)
  }

  /// Returns the linear layer with the weights that are kept.
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

  package func backward(
    _ pass: inout BackwardPass, _ dropped: RecordedLayer, _ plan: inout PlanBuilder
  ) {
    guard pass.outputGradients[0] != nil else { return }
    var linearPass = BackwardPass(
      dropped.pass, outputGradients: pass.outputGradients, inputGradients: pass.inputGradients,
      parameterGradients: pass.parameterGradients)
    dropped.backward(&linearPass, &plan)
    if pass.phase.draws(ratio), let gradient = pass.parameterGradients[0] {
      // After the gradient's own joint steps, which are put off too.
      record(
        "weight gradient mask", from: gradient, to: gradient, role: .deferredSum, pass.forward,
        &plan)
    }
  }

  /// result = M ∘ weight / (1 − ratio), once for the whole batch.
  private func record(
    _ name: String, from weight: Slot, to result: Slot, role: Operation.Role? = nil,
    _ pass: ForwardPass, _ plan: inout PlanBuilder
  ) {
    let (noise, ratio, order) = (pass.phase.noise, ratio, pass.parameters[0].order)
    let shape = parameters(pass.inputShapes)[0].shape
    plan.recordJoint(name, reads: [weight], writes: [result], role: role) { binding in
      applyMask(
        noise.mask(ratio: ratio), of: binding.floats(weight), to: binding.floats(result),
        rows: shape[0], columns: shape[1], order: order)
    }
  }
}
