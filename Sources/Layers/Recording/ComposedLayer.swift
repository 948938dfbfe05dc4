package import Plans

/// A layer that consists of other layers. Their `backward` methods compute its gradients.
///
/// The outer layer declares the parameters of the inner layers.
/// ``ParameterDeclaration/named(_:_:)`` gives them distinct names.
package protocol ComposedLayer: Layer where Kept == Composition {
  /// Records the outputs, by layers that `parts` applies.
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
