package import Plans

/// A layer with its forward direction in a plan, ready to record the backward direction.
package struct RecordedLayer {
  /// The tensors of the forward direction.
  package let pass: ForwardPass
  /// Calls the layer's `backward` with the values that its `forward` kept.
  private let recordBackward: (inout BackwardPass, Double, inout PlanBuilder) -> Void

  /// Records the forward direction. A view records nothing.
  package init(_ layer: any Layer, _ pass: ForwardPass, _ plan: inout PlanBuilder) {
    self.pass = pass
    if layer.isView {
      recordBackward = { _, _, _ in preconditionFailure("a view has no backward direction") }
    } else if let loss = layer.kind.loss {
      recordBackward = RecordedLayer.forward(ofLoss: loss, pass, &plan)
    } else {
      recordBackward = RecordedLayer.forward(of: layer, pass, &plan)
    }
  }

  private static func forward(
    of layer: some Layer, _ pass: ForwardPass, _ plan: inout PlanBuilder
  ) -> (inout BackwardPass, Double, inout PlanBuilder) -> Void {
    let kept = layer.forward(pass, &plan)
    return { pass, _, plan in layer.backward(&pass, kept, &plan) }
  }

  private static func forward(
    ofLoss loss: some Loss, _ pass: ForwardPass, _ plan: inout PlanBuilder
  ) -> (inout BackwardPass, Double, inout PlanBuilder) -> Void {
    let kept = loss.forward(pass, &plan)
    return { pass, weight, plan in loss.backward(&pass, weight: weight, kept, &plan) }
  }

  /// Records the gradients in `pass`.
  ///
  /// - Parameter weight: the factor of a loss in the objective.
  package func backward(
    _ pass: inout BackwardPass, weight: Double = 1, _ plan: inout PlanBuilder
  ) {
    recordBackward(&pass, weight, &plan)
  }
}
