package import Kernels

/// a ← a + (1 − d)·(w − a) for one tile of a parameter, and a = w after the first update
///
/// a is the exponential moving average of the weights. It covers about the last 1/(1 − d) updates.
///
/// Reference: B. T. Polyak, A. B. Juditsky, "Acceleration of stochastic approximation by
/// averaging", 1992.
///
/// - Parameters:
///   - value: the weights; their count is a multiple of ``UpdateOperands/width``.
///   - average: the average, with the same count.
///   - kept: d, the decay rate of the average.
///   - rates: the numbers of the update, for its number t.
package func weightAverage(
  of value: FloatView, to average: FloatView, kept: Double, rates: DoubleView
) -> some Kernel {
  let (average, rates) = (average.checked(value.count), rates.checked(UpdateRates.count))
  let added = Float(1 - kept)
  return PreparedLoop {
    let (values, averages) = (Lanes(value), Lanes(average))
    let added = rates[UpdateRates.number] == 1 ? 1 : added
    for index in stride(from: 0, to: value.count, by: Lanes.Vector.scalarCount) {
      let last = averages[index]
      averages[index] = last + (values[index] - last) * added
    }
  }
}
