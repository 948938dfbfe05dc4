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
    nonlinearityGradient(function, y: source ?? pass.outputs[0], dy, to: dx)
  }
}
