import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Losses of pairs of features") struct ContrastiveLossTests {
  struct Pair: CustomTestStringConvertible, Sendable {
    let a: [Float]
    let b: [Float]
    let label: Float
    let isLegacy: Bool
    let loss: Double
    let gradient: [Float]

    var testDescription: String { "\(a) and \(b), \(label)\(isLegacy ? ", legacy" : "")" }
  }

  @Test(
    "pull matching pairs together, and push other pairs apart up to the margin",
    arguments: [
      Pair(a: [3, 0], b: [0, 4], label: 1, isLegacy: false, loss: 12.5, gradient: [3, -4]),
      // The margin is 10, and the distance is 5.
      Pair(a: [3, 0], b: [0, 4], label: 0, isLegacy: false, loss: 12.5, gradient: [-3, 4]),
      Pair(a: [3, 0], b: [0, 4], label: -1, isLegacy: false, loss: 12.5, gradient: [-3, 4]),
      Pair(a: [30, 0], b: [0, 40], label: 0, isLegacy: false, loss: 0, gradient: [0, 0]),
      Pair(a: [1, 0], b: [0, 2], label: 0, isLegacy: true, loss: 2.5, gradient: [-1, 2]),
      Pair(a: [3, 0], b: [0, 4], label: 0, isLegacy: true, loss: 0, gradient: [0, 0]),
      // Equal features have no direction between them, so the gradient is 0.
      Pair(a: [1, 1], b: [1, 1], label: 0, isLegacy: false, loss: 50, gradient: [0, 0]),
      Pair(a: [1, 1], b: [1, 1], label: 0, isLegacy: true, loss: 5, gradient: [0, 0]),
    ])
  func pairs(test: Pair) {
    let (a, b) = (GuardedMemory(test.a), GuardedMemory(test.b))
    let (labels, sums) = (GuardedMemory([test.label]), GuardedMemory<Double>(count: 4))
    let form = ContrastiveLossForm(margin: 10, isLegacy: test.isLegacy)
    run(
      contrastiveLoss(
        a.view, b.view, labels: labels.view, sums: sums.view, form, examples: 1, width: 2),
      holding: a, b, labels)
    #expect(sums.values == [test.loss, 1, 1, 1])
    for (x, y, sign) in [(a, b, Float(1)), (b, a, -1)] {
      let gradient = GuardedMemory<Float>(count: 2)
      run(
        contrastiveLossGradient(
          x.view, y.view, labels: labels.view, LossScale(sums.view, .examples, weight: 1),
          to: gradient.view, form, examples: 1, width: 2), holding: x, y, labels, sums)
      #expect(gradient.values == test.gradient.map { sign * $0 })
      #expect(gradient.isIntact)
    }
  }

  @Test("are NaN for an invalid label", arguments: [Float(2), 0.5, .nan])
  func label(label: Float) {
    let (a, labels) = (GuardedMemory<Float>([1, 2]), GuardedMemory([label]))
    let (sums, cosines) = (GuardedMemory<Double>(count: 4), GuardedMemory<Double>(count: 4))
    run(
      contrastiveLoss(
        a.view, a.view, labels: labels.view, sums: sums.view,
        ContrastiveLossForm(margin: 1, isLegacy: false), examples: 1, width: 2), holding: a, labels)
    run(
      cosineDistance(
        a.view, a.view, labels: labels.view, sums: cosines.view, margin: 0, examples: 1,
        width: 2), holding: a, labels)
    #expect(sums.values[0].isNaN && cosines.values[0].isNaN)
  }

  @Test("of cosines are 0 for equal directions, 2 for opposite ones, and 1 for a zero vector")
  func cosines() {
    let a = GuardedMemory<Float>([3, 4, 3, 4, 0, 0])
    let b = GuardedMemory<Float>([6, 8, -3, -4, 1, 2])
    let (sums, gradient) = (GuardedMemory<Double>(count: 4), GuardedMemory<Float>(count: 6))
    run(
      cosineDistance(
        a.view, b.view, labels: nil, sums: sums.view, margin: 0, examples: 3, width: 2),
      holding: a, b)
    #expect(abs(sums.values[0] - 3) <= 1e-12)
    run(
      cosineDistanceGradient(
        b.view, a.view, labels: nil, LossScale(sums.view, .one, weight: 1), to: gradient.view,
        margin: 0, examples: 3, width: 2), holding: a, b, sums)
    #expect(gradient.values.allSatisfy { abs($0) <= 1e-6 })
    #expect(gradient.isIntact && sums.isIntact)
  }

  @Test("of triplets measure how much nearer the wrong sample is", arguments: [false, true])
  func triplets(isSquared: Bool) {
    let a = GuardedMemory<Float>([0, 0, 0, 0])
    let (p, n) = (GuardedMemory<Float>([3, 4, 0, 1]), GuardedMemory<Float>([0, 2, 6, 8]))
    let sums = GuardedMemory<Double>(count: 4)
    let operands = TripletOperands(
      [a.view, p.view, n.view], margin: 1, isSquared: isSquared, examples: 2, width: 2)
    run(tripletLoss(operands, sums: sums.view), holding: a, p, n)
    #expect(sums.values == [isSquared ? 22 : 4, 2, 2, 2])
    let expected: [[Float]] =
      isSquared
      ? [[-6, -4, 0, 0], [6, 8, 0, 0], [0, -4, 0, 0]]
      : [[-0.6, 0.2, 0, 0], [0.6, 0.8, 0, 0], [0, -1, 0, 0]]
    for operand in 0...2 {
      let gradient = GuardedMemory<Float>(count: 4)
      run(
        tripletLossGradient(
          operands, LossScale(sums.view, .examples, weight: 2), of: operand, to: gradient.view),
        holding: a, p, n, sums)
      for (value, expected) in zip(gradient.values, expected[operand]) {
        #expect(abs(value - expected) <= 1e-6)
      }
      #expect(gradient.isIntact)
    }
  }
}
