package import Kernels
package import Tensors

/// Fills `result` with random numbers, which are new in each step.
///
/// - Parameters:
///   - step: the number of the step, set before each run. Nil repeats the same numbers in every
///     run.
///   - first: the place of the slice's first element in the whole batch.
package func randomFill(
  _ distribution: RandomDistribution, _ stream: RandomStream, step: View<Int>?, first: Int,
  to result: FloatView
) -> some Kernel {
  let step = step?.checked(1)
  return PreparedLoop {
    let stream = step.map { stream.step($0[0]) } ?? stream
    for index in 0..<result.count {
      result[index] = distribution.number(stream, at: first &+ index)
    }
  }
}
