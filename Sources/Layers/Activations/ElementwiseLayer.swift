internal import Fields
package import Kernels
package import Plans
package import Tensors

/// A layer y = f(x), computed element by element in any layout of x.
///
/// A conforming type states its fields and names the function. The protocol provides the shapes,
/// the layouts and both directions.
///
/// Backward reads y if the derivative can be computed from y, and x or f′(x) otherwise. The plan can
/// then reuse the memory of the other tensors.
package protocol ElementwiseLayer: Layer where Kept == Slot? {
  /// f and f′, with the fields' values.
  var function: ElementwiseLoops { get }
}

extension ElementwiseLayer {
  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  /// Records y, and returns the slot of f′(x) if a training keeps it.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Slot? {
    let (x, y, function) = (pass.inputs[0], pass.outputs[0], function)
    let name = Self.reference.name.lowercased()
    guard pass.phase.isTraining, function.keepsDerivative else {
      plan.record(name, reads: [x], writes: [y]) { binding in
        let x = binding.floats(x)
        return elementwise(function, from: x, to: binding.floats(y), count: x.count)
      }
      return nil
    }
    let derivative = plan.batchSlot("\(name)′", pass.inputShapes[0], layout: pass.inputLayouts[0])
    plan.record(name, reads: [x], writes: [y, derivative]) { binding in
      let x = binding.floats(x)
      return elementwise(
        function, from: x, to: binding.floats(y), derivative: binding.floats(derivative),
        count: x.count)
    }
    return derivative
  }

  /// Records ∂x = f′·∂y, with f′ as kept, from y or from x.
  package func backward(
    _ pass: inout BackwardPass, _ derivative: Slot?, _ plan: inout PlanBuilder
  ) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let function = function
    let name = "\(Self.reference.name.lowercased()) gradient"
    if let derivative {
      plan.record(name, reads: [derivative, dy], writes: [dx]) { binding in
        let derivative = binding.floats(derivative)
        return elementwiseGradient(
          derivative: derivative, dy: binding.floats(dy), to: binding.floats(dx),
          count: derivative.count)
      }
      return
    }
    let kept = function.derivesFromOutput ? pass.outputs[0] : pass.inputs[0]
    plan.record(name, reads: [kept, dy], writes: [dx]) { binding in
      let kept = binding.floats(kept)
      return elementwiseGradient(
        function, kept: kept, dy: binding.floats(dy), to: binding.floats(dx), count: kept.count)
    }
  }
}
