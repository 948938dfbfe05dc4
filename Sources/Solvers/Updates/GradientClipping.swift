package import Kernels

/// scale ← scale · min(1, limit / ‖g‖), where g is the raw gradient of the whole model
///
/// ‖g‖ is the Euclidean norm over all trainable parameters. As in Caffe, the kernel measures it
/// before the division by `iter_size` and before weight decay. The update of each parameter
/// multiplies its gradient by `scale`.
///
/// Reference: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural
/// networks", 2013.
///
/// - Parameters:
///   - squares: partial sums of squares, which add up to ‖g‖².
///   - limit: `clip_gradients`.
///   - rates: the numbers of the update; the kernel changes ``UpdateRates/gradientScale``.
package func gradientClipping(
  squares: [DoubleView], limit: Double, rates: DoubleView
) -> some Kernel {
  let rates = rates.checked(UpdateRates.count)
  return PreparedLoop {
    var sum = 0.0
    for part in squares {
      for index in 0..<part.count { sum += part[index] }
    }
    let norm = sum.squareRoot()
    if norm > limit { rates[UpdateRates.gradientScale] *= limit / norm }
  }
}
