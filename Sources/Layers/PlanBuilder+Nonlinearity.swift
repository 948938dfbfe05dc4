internal import Kernels
internal import Plans

extension PlanBuilder {
  /// Records ∂x = f′(x)·∂y: the backward step of ReLU, Sigmoid and TanH.
  ///
  /// - Parameters:
  ///   - function: f.
  ///   - pass: the tensors of the layer.
  ///   - source: the tensor from which f′ is computed. For ReLU, any tensor with the signs of x is
  ///     enough. Nil stands for y.
  mutating func nonlinearityGradient(
    _ function: Nonlinearity, _ pass: BackwardPass, from source: Slot? = nil
  ) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let y = source ?? pass.outputs[0]
    record("\(function.description) gradient", reads: [y, dy], writes: [dx]) { binding in
      let y = binding.floats(y)
      return Kernels.nonlinearityGradient(
        function, y: y, dy: binding.floats(dy), to: binding.floats(dx), count: y.count)
    }
  }
}
