import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Infogain") struct InfogainTests {
  @Test(
    "weights the logarithm of every class, by a common matrix or one per example", arguments: 1...17
  )
  func formula(classes: Int) {
    var numbers = SeededNumbers(seed: 84)
    let extent = AxisExtent(outer: 2, axis: classes, inner: 3)
    let scores = numbers.floats(extent.count, in: -4...4)
    let gains = numbers.floats(classes * classes)
    let (x, labels) = (GuardedMemory(scores), GuardedMemory(numbers.labels(6, of: classes)))
    let read = ClassLabels(labels.view, extent, examples: 2)
    let exact = ExactSoftmax(scores, extent)
    var expected = 0.0
    var gradient = [Double](repeating: 0, count: extent.count)
    for (position, (outer, inner)) in extent.positions.enumerated() {
      let label = Int(labels.values[position])
      let row = gains[label * classes..<(label + 1) * classes].map(Double.init)
      for k in 0..<classes {
        let place = extent.place(outer, k, inner)
        expected += row[k] * (exact.logSums[position] - Double(scores[place]))
        gradient[place] = exact.probabilities[place] * row.reduce(0, +) - row[k]
      }
    }
    let each = GuardedMemory(gains + gains)
    for matrix in [InfogainMatrix.constant(gains.map(Double.init)), .each(each.view)] {
      let (p, dx) = (
        GuardedMemory<Float>(count: extent.count), GuardedMemory<Float>(count: extent.count)
      )
      let sums = GuardedMemory<Double>(count: LossSums.count)
      run(
        infogainLoss(x.view, read, matrix, probabilities: p.view, sums: sums.view),
        holding: x, labels, each)
      run(
        infogainLossGradient(
          probabilities: p.view, read, matrix, LossScale(sums.view, .one, weight: 1),
          to: dx.view), holding: p, labels, sums, each)
      #expect(abs(sums.values[0] - expected) <= 1e-5 * Double(classes))
      #expect(sums.values.dropFirst() == [6, 6, 2])
      for (value, expected) in zip(dx.values, gradient) {
        #expect(abs(Double(value) - expected) <= 1e-5)
      }
      #expect(p.isIntact && dx.isIntact && sums.isIntact)
    }
  }

  /// The product 0 · ∞ would be NaN.
  @Test("ignores a class with a gain of 0")
  func zeroGain() {
    let extent = AxisExtent(outer: 1, axis: 2, inner: 1)
    let (x, labels) = (GuardedMemory<Float>([1e30, -1e30]), GuardedMemory<Float>([0]))
    let (p, sums) = (GuardedMemory<Float>(count: 2), GuardedMemory<Double>(count: 4))
    run(
      infogainLoss(
        x.view, ClassLabels(labels.view, extent, examples: 1), .constant([1, 0, 0, 1]),
        probabilities: p.view, sums: sums.view), holding: x, labels)
    #expect(sums.values == [0, 1, 1, 1])
  }
}
