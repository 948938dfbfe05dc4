internal import Kernels
internal import LayerKernels
internal import Plans
package import Tensors

/// A loss that is a sum over positions, divided by the divisor of `normalization`.
///
/// With weights of examples, each example counts as often as its weight says, in the sum and in
/// every divisor except 1: L = Σ w_i·l_i / Σ w_i. A weight of 2 gives the loss of a batch that has
/// the example twice. A divisor of 0 counts as 1.
package protocol NormalizedLoss: Loss {
  /// The divisor of the sum.
  var normalization: LossNormalization { get }
}

extension NormalizedLoss {
  package func statisticCount(_ inputs: [Shape]) -> Int { LossSums.count }
  package func value(of statistics: [Double]) -> Double {
    normalization.divisor.loss(of: statistics)
  }

  /// Records one kernel that computes the gradient of a bottom, times `weight`, if the bottom needs
  /// one.
  ///
  /// - Parameters:
  ///   - name: the name of the kernel in the plan.
  ///   - bottom: the number of the bottom.
  ///   - reads: the slots that the kernel reads beside the sums.
  ///   - weight: the factor of the loss in the objective.
  ///   - pass: the tensors of the layer.
  ///   - plan: the plan that receives the kernel.
  ///   - makeKernel: makes the kernel of a slice from the scale and the view of the gradient.
  func recordGradient(
    _ name: String, ofBottom bottom: Int, reads: [Slot], _ weight: Double, _ pass: BackwardPass,
    _ plan: inout PlanBuilder,
    _ makeKernel: @escaping @Sendable (Binding, LossScale, FloatView) -> any Kernel
  ) {
    guard let gradient = pass.inputGradients[bottom] else { return }
    recordGradient(name, to: gradient, reads: reads, weight, pass, &plan, makeKernel)
  }

  /// Records one kernel that makes the gradient of a bottom, times `weight`.
  func recordGradient(
    _ name: String, to gradient: Slot, reads: [Slot], _ weight: Double, _ pass: BackwardPass,
    _ plan: inout PlanBuilder,
    _ makeKernel: @escaping @Sendable (Binding, LossScale, FloatView) -> any Kernel
  ) {
    let (sums, divisor) = (pass.outputs[0], normalization.divisor)
    recordWeighted(gradient, pass, &plan) { result, plan in
      plan.record(name, reads: reads + [sums], writes: [result]) { binding in
        makeKernel(
          binding, LossScale(binding.doubles(sums), divisor, weight: weight),
          binding.floats(result))
      }
    }
  }
}
