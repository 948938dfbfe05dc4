internal import Fields
package import Kernels
package import Plans
package import Tensors

/// A layer y = f(x), computed element by element in any layout of x.
///
/// A conforming type states its fields and names the function. The protocol provides the shapes,
/// the layouts and both directions.
///
/// Backward reads y if the derivative can be computed from y, and x otherwise. The plan can then
/// reuse the memory of the other tensor.
package protocol ElementwiseLayer: Layer {
  /// f and f′, with the fields' values.
  var function: ElementwiseLoops { get }
}

extension ElementwiseLayer {
  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, function) = (pass.inputs[0], pass.outputs[0], function)
    plan.record(Self.reference.name.lowercased(), reads: [x], writes: [y]) { binding in
      let x = binding.floats(x)
      return elementwise(function, from: x, to: binding.floats(y), count: x.count)
    }
  }

  /// Records ∂x = f′·∂y, with f′ from y or from x.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let function = function
    let kept = function.derivesFromOutput ? pass.outputs[0] : pass.inputs[0]
    let name = "\(Self.reference.name.lowercased()) gradient"
    plan.record(name, reads: [kept, dy], writes: [dx]) { binding in
      let kept = binding.floats(kept)
      return elementwiseGradient(
        function, kept: kept, dy: binding.floats(dy), to: binding.floats(dx), count: kept.count)
    }
  }
}
