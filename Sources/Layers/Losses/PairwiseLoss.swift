internal import Kernels
package import LayerKernels
package import Plans
package import Tensors

/// A loss of prediction and target, computed element by element. Both may depend on parameters.
package protocol PairwiseLoss: NormalizedLoss {
  /// The loss of one element and its derivative.
  var pairLoss: PairLoss { get }
  /// The name of the kernel in the plan.
  static var kernelName: String { get }
}

extension PairwiseLoss {
  package func check(_ inputs: [Shape]) throws(ShapeFailure) { try inputs.checkSameSize() }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, loss) = (pass.inputs[0], pass.inputs[1], pairLoss)
    let (width, weights) = (pass.inputShapes[0].example.count, pass.weightReader)
    recordStatistics(Self.kernelName, pass, &plan) { binding, sums in
      pairLossSum(
        loss, binding.floats(x), binding.floats(y), sums: sums, examples: binding.examples.count,
        width: width, weights: weights(binding))
    }
  }

  package func backward(
    _ pass: inout BackwardPass, weight: Double, _: Void, _ plan: inout PlanBuilder
  ) {
    let (x, y, loss) = (pass.inputs[0], pass.inputs[1], pairLoss)
    let width = pass.inputShapes[0].example.count
    for bottom in 0...1 {
      recordGradient(
        "\(Self.kernelName) gradient", ofBottom: bottom, reads: pass.inputs, weight, pass, &plan
      ) { binding, scale, gradient in
        pairLossGradient(
          loss, binding.floats(x), binding.floats(y), scale, to: gradient,
          isOfTarget: bottom == 1, count: binding.examples.count * width)
      }
    }
  }
}
