import Glibc
import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Focal losses") struct FocalEntropyTests {
  /// Returns the sums, and the gradient before the division.
  private static func loss(
    _ x: [Float], _ label: Float, gamma: Double, alpha: [Double] = []
  ) -> (sums: [Double], gradient: [Float]) {
    let extent = AxisExtent(outer: 1, axis: x.count, inner: 1)
    let (x, label) = (GuardedMemory(x), GuardedMemory([label]))
    let read = ClassLabels(label.view, extent, examples: 1, ignoring: -1)
    let (p, dx) = (
      GuardedMemory<Float>(count: extent.count), GuardedMemory<Float>(count: extent.count)
    )
    let sums = GuardedMemory<Double>(count: LossSums.count)
    run(
      focalEntropy(
        x.view, read, probabilities: p.view, sums: sums.view, gamma: gamma, alpha: alpha),
      holding: x, label)
    run(
      focalEntropyGradient(
        probabilities: p.view, read, LossScale(sums.view, .one, weight: 1), to: dx.view,
        gamma: gamma, alpha: alpha), holding: p, label, sums)
    #expect(p.isIntact && dx.isIntact && sums.isIntact)
    return (sums.values, dx.values)
  }

  @Test("equal cross entropies if γ is 0", arguments: 2...17)
  func crossEntropy(classes: Int) {
    var numbers = SeededNumbers(seed: 83)
    let x = numbers.floats(classes, in: -4...4)
    let extent = AxisExtent(outer: 1, axis: classes, inner: 1)
    let exact = ExactSoftmax(x, extent)
    let (sums, gradient) = FocalEntropyTests.loss(x, 1, gamma: 0)
    #expect(abs(sums[0] - (exact.logSums[0] - Double(x[1]))) <= 1e-5)
    for (index, value) in gradient.enumerated() {
      let expected = exact.probabilities[index] - (index == 1 ? 1 : 0)
      #expect(abs(Double(value) - expected) <= 1e-6)
    }
  }

  @Test("reach their limits if a class is certain", arguments: [0.5, 1, 2, 5])
  func certain(gamma: Double) {
    let right = FocalEntropyTests.loss([1e4, 0], 0, gamma: gamma)
    #expect(right.sums[0] == 0)
    #expect(right.gradient == [0, 0])
    let wrong = FocalEntropyTests.loss([1e4, 0], 1, gamma: gamma, alpha: [1, 0.25])
    #expect(wrong.sums[0] == 2500)
    #expect(wrong.gradient == [0.25, -0.25])
  }

  @Test("do not count ignored labels, and are NaN for labels that are not classes")
  func labels() {
    let ignored = FocalEntropyTests.loss([1, 2, 3], -1, gamma: 2)
    #expect(ignored.sums == [0, 0, 1, 1])
    #expect(ignored.gradient == [0, 0, 0])
    #expect(FocalEntropyTests.loss([1, 2, 3], 3, gamma: 2).sums[0].isNaN)
  }
}
