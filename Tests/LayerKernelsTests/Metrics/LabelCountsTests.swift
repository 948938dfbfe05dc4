import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Counting several labels") struct LabelCountsTests {
  // The decisions are 1 0 1, 0 0 1, 1 0 0, 0 1 1. A score of 0 does not predict its label.
  private let scores: [Float] = [2, -1, 0.1, -3, 0, 9, 1, -2, -0.5, -1, 0.2, 1]
  private let targets: [Float] = [1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1]

  private func statistics(_ targets: [Float], isPerLabel: Bool? = nil) -> [Double] {
    let (x, y) = (GuardedMemory(scores), GuardedMemory(targets))
    let statistics = GuardedMemory<Double>(
      count: isPerLabel.map { ClassStatistics.matchCount(classes: 3, isPerClass: $0) } ?? 9)
    if let isPerLabel {
      run(
        labelMatches(
          x.view, y.view, statistics: statistics.view, examples: 4, width: 3,
          isPerLabel: isPerLabel))
    } else {
      run(labelCounts(x.view, y.view, statistics: statistics.view, examples: 4, width: 3))
    }
    return statistics.values
  }

  @Test("counts true, predicted and actual positives of each label")
  func counts() {
    #expect(statistics(targets) == [2, 2, 3, 0, 1, 1, 2, 3, 2])
  }

  @Test("counts right decisions, of each label on request")
  func matches() {
    #expect(statistics(targets, isPerLabel: false) == [8, 12])
    #expect(statistics(targets, isPerLabel: true) == [8, 12, 3, 4, 2, 4, 3, 4])
  }

  @Test("gives NaN for a target other than 0 and 1")
  func wrongTargets() {
    var wrong = targets
    wrong[5] = 0.5
    #expect(statistics(wrong).count { $0.isNaN } == 9)
    #expect(statistics(wrong, isPerLabel: true).count { $0.isNaN } == 8)
  }
}
