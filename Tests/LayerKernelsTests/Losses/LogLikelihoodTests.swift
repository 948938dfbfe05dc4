import Glibc
import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Log likelihoods") struct LogLikelihoodTests {
  @Test(
    "end at 10⁻²⁰",
    arguments: [
      (Float(0.5), log(2.0), Float(-2)), (1, 0, -1), (0, -log(1e-20), -1e20),
      (1e-25, -log(1e-20), -1e20),
    ])
  func floor(p: Float, loss: Double, slope: Float) {
    let extent = AxisExtent(outer: 1, axis: 3, inner: 1)
    let (x, labels) = (GuardedMemory([0.25, p, 0.25]), GuardedMemory<Float>([1]))
    let read = ClassLabels(labels.view, extent, examples: 1)
    let (sums, dp) = (GuardedMemory<Double>(count: 4), GuardedMemory<Float>(count: 3))
    run(negativeLogLikelihood(x.view, read, sums: sums.view), holding: x, labels)
    run(
      negativeLogLikelihoodGradient(
        x.view, read, LossScale(sums.view, .valid, weight: 1), to: dp.view),
      holding: x, labels, sums)
    #expect(sums.values == [loss, 1, 1, 1])
    #expect(dp.values == [0, slope, 0])
    #expect(sums.isIntact && dp.isIntact)
  }

  @Test(
    "are NaN for a probability of NaN, and for a label that is not a class",
    arguments: [(Float.nan, Float(0)), (1, 2)])
  func wrong(p: Float, label: Float) {
    let extent = AxisExtent(outer: 1, axis: 2, inner: 1)
    let (x, labels) = (GuardedMemory([p, 0.5]), GuardedMemory([label]))
    let sums = GuardedMemory<Double>(count: 4)
    run(
      negativeLogLikelihood(x.view, ClassLabels(labels.view, extent, examples: 1), sums: sums.view),
      holding: x, labels)
    #expect(sums.values[0].isNaN)
  }
}
