import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Counting matches") struct ClassMatchTests {
  struct Case: CustomTestStringConvertible {
    let x: [Float]
    let labels: [Float]
    let extent: AxisExtent
    let matches: Double

    var testDescription: String { "\(x) with labels \(labels)" }
  }

  @Test(
    "takes the first of equal scores",
    arguments: [
      Case(
        x: [1, 2, 3, 3, 2, 1], labels: [2, 0], extent: AxisExtent(outer: 2, axis: 3, inner: 1),
        matches: 2),
      Case(
        x: [1, 1, 0, 5, 5, 5], labels: [0, 1], extent: AxisExtent(outer: 2, axis: 3, inner: 1),
        matches: 1),
      Case(x: [7], labels: [0], extent: AxisExtent(outer: 1, axis: 1, inner: 1), matches: 1),
      Case(
        x: [-3, -1, -1e30, -2e30], labels: [1, 1],
        extent: AxisExtent(outer: 2, axis: 2, inner: 1), matches: 1),
      Case(
        x: [1, 9, 5, 2, 3, 7], labels: [1, 0, 1],
        extent: AxisExtent(outer: 1, axis: 2, inner: 3), matches: 3),
      Case(
        x: [1, 9, 5, 2, 3, 7], labels: [0, 1, 0],
        extent: AxisExtent(outer: 1, axis: 2, inner: 3), matches: 0),
      Case(x: [], labels: [], extent: AxisExtent(outer: 0, axis: 2, inner: 1), matches: 0),
    ])
  func counting(test: Case) {
    let (x, labels) = (GuardedMemory(test.x), GuardedMemory(test.labels))
    let statistics = GuardedMemory<Double>(count: 2)
    run(
      classMatches(
        x.view, ClassLabels(labels.view, test.extent, examples: test.extent.outer),
        statistics: statistics.view), holding: x, labels)
    #expect(statistics.values == [test.matches, Double(test.labels.count)])
    #expect(statistics.isIntact)
  }

  /// Returns true if the label is among the `top` greatest scores, found by sorting. With
  /// `losesTies`, the label comes last among equal scores.
  private static func isMatch(
    _ scores: [Float], _ label: Int, top: Int, losesTies: Bool
  ) -> Bool {
    let order = scores.indices.sorted { left, right in
      if scores[left] != scores[right] { return scores[left] > scores[right] }
      if losesTies, left == label || right == label { return right == label }
      return left < right
    }
    return order.prefix(top).contains(label)
  }

  @Test("agrees with sorting, for any k and rule for ties", arguments: [1, 2, 5], [false, true])
  func sorting(top: Int, losesTies: Bool) {
    var numbers = SeededNumbers(seed: 67)
    let extent = AxisExtent(outer: 60, axis: 5, inner: 1)
    let scores = numbers.labels(300, of: 4)
    var labels = numbers.labels(60, of: 5)
    labels[7] = 77
    let (x, y) = (GuardedMemory(scores), GuardedMemory(labels))
    let statistics = GuardedMemory<Double>(count: 12)
    run(
      classMatches(
        x.view, ClassLabels(y.view, extent, examples: 60, ignoring: 77),
        statistics: statistics.view, MatchRule(topCount: top, losesTies: losesTies),
        isPerClass: true), holding: x, y)
    var expected = [Double](repeating: 0, count: 12)
    for position in 0..<60 where position != 7 {
      let label = Int(labels[position])
      let row = Array(scores[position * 5..<(position + 1) * 5])
      let isRight = ClassMatchTests.isMatch(row, label, top: top, losesTies: losesTies)
      expected[0] += isRight ? 1 : 0
      expected[1] += 1
      expected[2 + 2 * label] += isRight ? 1 : 0
      expected[3 + 2 * label] += 1
    }
    #expect(statistics.values == expected)
    #expect(statistics.isIntact)
  }

  @Test("counts every true and every predicted class")
  func confusion() {
    let extent = AxisExtent(outer: 2, axis: 2, inner: 3)
    // The predictions are 0, 0 (a tie), 1, one at an ignored label, 1, 0.
    let x = GuardedMemory<Float>([5, 2, 0, 3, 2, 1, 1, 2, 7, 1, 4, 4])
    let labels = GuardedMemory<Float>([0, 0, 1, -5, 1, 1])
    let read = ClassLabels(labels.view, extent, examples: 2, ignoring: -5)
    let (matrix, counts) = (GuardedMemory<Double>(count: 4), GuardedMemory<Double>(count: 6))
    run(confusionCounts(x.view, read, statistics: matrix.view), holding: x, labels)
    run(classCounts(x.view, read, statistics: counts.view), holding: x, labels)
    #expect(matrix.values == [2, 0, 1, 2])
    #expect(counts.values == [2, 3, 2, 2, 2, 3])
    #expect(matrix.isIntact && counts.isIntact)
  }

  @Test(
    "is NaN for a label that is not a class, or a fraction",
    arguments: [Float(-1), 2, 0.5, 1.9999999, 1e9, .nan, .infinity])
  func wrongLabel(label: Float) {
    let extent = AxisExtent(outer: 3, axis: 2, inner: 1)
    let (x, labels) = (GuardedMemory<Float>([5, 2, 3, 2, 1, 1]), GuardedMemory([0, label, 1]))
    let read = ClassLabels(labels.view, extent, examples: 3)
    let matches = GuardedMemory<Double>(count: 6)
    let (matrix, counts) = (GuardedMemory<Double>(count: 4), GuardedMemory<Double>(count: 6))
    run(
      classMatches(x.view, read, statistics: matches.view, isPerClass: true), holding: x, labels)
    run(confusionCounts(x.view, read, statistics: matrix.view), holding: x, labels)
    run(classCounts(x.view, read, statistics: counts.view), holding: x, labels)
    for memory in [matches, matrix, counts] {
      #expect(memory.values.allSatisfy { $0.isNaN })
      #expect(memory.isIntact)
    }
  }

  @Test("keeps each score at its place in the batch")
  func scores() {
    let extent = AxisExtent(outer: 3, axis: 2, inner: 1)
    let labels = GuardedMemory<Float>([1, 0, 9])
    let read = ClassLabels(labels.view, extent, examples: 3, ignoring: 9)
    let (one, two) = (GuardedMemory<Float>([3, 4, 5]), GuardedMemory<Float>([1, 3, 2, -1, 0, 8]))
    let statistics = GuardedMemory<Double>(count: 12)
    run(scoredLabels(one.view, width: 1, read, statistics: statistics.view, start: 2), holding: one)
    #expect(statistics.values == [0, 0, 0, 0, 3, 1, 4, 0, 5, -1, 0, 0])
    run(scoredLabels(two.view, width: 2, read, statistics: statistics.view, start: 0), holding: two)
    #expect(statistics.values == [2, 1, -3, 0, 8, -1, 0, 0, 0, 0, 0, 0])
    #expect(statistics.isIntact)
  }
}
