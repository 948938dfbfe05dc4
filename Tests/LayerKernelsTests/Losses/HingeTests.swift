import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Hinge losses") struct HingeTests {
  static let forms = [
    HingeForm(.oneAgainstAll, isSquared: false, margin: 1),
    HingeForm(.oneAgainstAll, isSquared: true, margin: 0.5),
    HingeForm(.pairwise, isSquared: false, margin: 1),
    HingeForm(.pairwise, isSquared: true, margin: 2),
  ]

  /// Returns the terms of one position by the formulas.
  private static func terms(_ scores: [Double], _ label: Int, _ form: Int) -> [Double] {
    let margin = [1, 0.5, 1, 2][form]
    return scores.indices.map { j in
      let isLabel = j == label
      let term =
        form < 2
        ? max(0, margin - (isLabel ? 1 : -1) * scores[j])
        : isLabel ? 0 : max(0, scores[j] - scores[label] + margin)
      return form % 2 == 1 ? term * term : term
    }
  }

  @Test("agree with their formulas, and their gradients with differences", arguments: 0..<4)
  func formulas(form: Int) {
    var numbers = SeededNumbers(seed: 82)
    for classes in 1...17 {
      let extent = AxisExtent(outer: 3, axis: classes, inner: 1)
      let x = GuardedMemory(numbers.floats(extent.count, in: -3...3))
      let labels = GuardedMemory(numbers.labels(3, of: classes))
      let read = ClassLabels(labels.view, extent, examples: 3)
      let sums = GuardedMemory<Double>(count: LossSums.count)
      let dx = GuardedMemory<Float>(count: extent.count)
      run(hingeLoss(x.view, read, sums: sums.view, HingeTests.forms[form]), holding: x, labels)
      run(
        hingeLossGradient(
          x.view, read, LossScale(sums.view, .valid, weight: 6), to: dx.view,
          HingeTests.forms[form]), holding: x, labels, sums)
      var total = 0.0
      for position in 0..<3 {
        let places = position * classes..<(position + 1) * classes
        let scores = x.values[places].map(Double.init)
        let label = Int(labels.values[position])
        total += HingeTests.terms(scores, label, form).reduce(0, +)
        for (j, place) in places.enumerated() {
          func loss(_ step: Double) -> Double {
            var moved = scores
            moved[j] += step
            return HingeTests.terms(moved, label, form).reduce(0, +)
          }
          let (low, high) = (loss(-1e-6), loss(1e-6))
          // Skips kinks: the slopes on the two sides differ.
          if abs((high - loss(0)) - (loss(0) - low)) > 1e-9 { continue }
          // The weight 6 divided by three positions is the factor 2.
          #expect(abs(Double(dx.values[place]) - (high - low) / 2e-6 * 2) <= 1e-4)
        }
      }
      #expect(abs(sums.values[0] - total) <= 1e-9)
      #expect(sums.values.dropFirst() == [3, 3, 3])
      #expect(sums.isIntact && dx.isIntact)
    }
  }

  @Test("are NaN for a label that is not a class, and for a score of NaN")
  func wrong() {
    let extent = AxisExtent(outer: 1, axis: 2, inner: 1)
    for (scores, label) in [([Float(1), 2], Float(5)), ([.nan, 0], 1)] {
      let (x, labels) = (GuardedMemory(scores), GuardedMemory([label]))
      let sums = GuardedMemory<Double>(count: 4)
      run(
        hingeLoss(
          x.view, ClassLabels(labels.view, extent, examples: 1), sums: sums.view,
          HingeTests.forms[0]), holding: x, labels)
      #expect(sums.values[0].isNaN)
    }
  }
}
