internal import Kernels
internal import Plans

extension PlanBuilder {
  /// ∂x = f′(x)·∂y, with f′ taken from y: the backward step of ReLU, Sigmoid and TanH.
  mutating func nonlinearityGradient(_ function: Nonlinearity, _ pass: LayerPass) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let y = pass.outputs[0]
    record("\(function.description) gradient", reads: [y, dy], writes: [dx]) { binding in
      let y = binding.floats(y)
      return NonlinearityGradient(
        function, y: y, dy: binding.floats(dy), to: binding.floats(dx), count: y.count)
    }
  }
}
