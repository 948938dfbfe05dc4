package import Kernels
package import Tensors

/// y = x + std·N(0, 1) with an independent number for every element.
///
/// x and y may be the same memory.
///
/// - Parameters:
///   - step: memory that holds the number of the step when the kernel runs.
///   - order: the indices of the elements, from which the numbers are drawn.
package func addGaussianNoise(
  _ x: FloatView, to y: FloatView, _ stream: RandomStream, step: View<Int>, deviation: Double,
  _ order: LogicalOrder
) -> some Kernel {
  let (x, y) = (x.checked(order.count), y.checked(order.count))
  let step = step.checked(1)
  return PreparedLoop {
    let stream = stream.step(step[0])
    order.forEachElement { place, index in
      y[place] = x[place] + Float(deviation * stream.normal(at: index))
    }
  }
}
