package import Plans

/// A layer that is made of other layers. Their `backward` gives its gradients.
///
/// The outer layer declares the parameters of the inner ones; ``ParameterDeclaration/named(_:_:)`` gives them names of
/// their own.
package protocol ComposedLayer: Layer where Kept == Composition {
  /// Records the outputs by layers that `parts` applies.
  func compose(_ parts: inout Composition, _ plan: inout PlanBuilder)
}

extension ComposedLayer {
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Composition {
    var parts = Composition(pass, plan)
    compose(&parts, &plan)
    return parts
  }

  package func backward(
    _ pass: inout BackwardPass, _ kept: Composition, _ plan: inout PlanBuilder
  ) {
    var parts = kept
    parts.backward(&pass, &plan)
  }
}
