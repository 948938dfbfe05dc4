package import Kernels

/// Decisions about several labels of each example.
///
/// A score above 0, which is a probability above ½, means the label 1. A target that is not 0 or 1
/// makes all statistics NaN.
private struct LabelDecisions: Sendable {
  let x: FloatView
  let y: FloatView
  let examples: Int
  let width: Int

  init(_ x: FloatView, _ y: FloatView, examples: Int, width: Int) {
    (self.x, self.y) = (x.checked(examples * width), y.checked(examples * width))
    (self.examples, self.width) = (examples, width)
  }

  /// Calls `count` with each label's number, prediction and target.
  @inline(__always)
  func tally(
    to statistics: DoubleView, _ count: (_ label: Int, _ predicted: Bool, _ actual: Bool) -> Void
  ) {
    statistics.fill(with: 0)
    var hasWrongTarget = false
    for example in 0..<examples {
      for label in 0..<width {
        let place = example &* width &+ label
        if y[place] != 0 && y[place] != 1 { hasWrongTarget = true }
        count(label, x[place] > 0, y[place] == 1)
      }
    }
    if hasWrongTarget { statistics.fill(with: .nan) }
  }
}

/// statistics = (true positives, predicted positives, actual positives) of each label.
///
/// - Parameters:
///   - x: a score for each label.
///   - y: a target 0 or 1 for each label.
package func labelCounts(
  _ x: FloatView, _ y: FloatView, statistics: DoubleView, examples: Int, width: Int
) -> some Kernel {
  let decisions = LabelDecisions(x, y, examples: examples, width: width)
  let statistics = statistics.checked(width * ClassStatistics.countWidth)
  return PreparedLoop {
    decisions.tally(to: statistics) { label, predicted, actual in
      let place = label &* ClassStatistics.countWidth
      if predicted && actual { statistics[place] += 1 }
      if predicted { statistics[place &+ 1] += 1 }
      if actual { statistics[place &+ 2] += 1 }
    }
  }
}

/// statistics = (right decisions, decisions), and on request the same two numbers of each label.
///
/// - Parameters:
///   - x: a score for each label.
///   - y: a target 0 or 1 for each label.
package func labelMatches(
  _ x: FloatView, _ y: FloatView, statistics: DoubleView, examples: Int, width: Int,
  isPerLabel: Bool
) -> some Kernel {
  let decisions = LabelDecisions(x, y, examples: examples, width: width)
  let statistics = statistics.checked(
    ClassStatistics.matchCount(classes: width, isPerClass: isPerLabel))
  return PreparedLoop {
    decisions.tally(to: statistics) { label, predicted, actual in
      let isRight = predicted == actual
      statistics[0] += isRight ? 1 : 0
      statistics[1] += 1
      guard isPerLabel else { return }
      statistics[2 &+ 2 &* label] += isRight ? 1 : 0
      statistics[3 &+ 2 &* label] += 1
    }
  }
}
