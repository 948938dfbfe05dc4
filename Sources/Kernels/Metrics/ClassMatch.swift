/// What counts as right, among scores that may be equal.
package struct MatchRule: Sendable {
  let topCount: Int
  /// Of scores equal to the label's class all count as greater; otherwise those of lower classes, as argmax has it.
  let losesTies: Bool

  package init(topCount: Int = 1, losesTies: Bool = false) {
    self.topCount = topCount
    self.losesTies = losesTies
  }
}

/// statistics = (labels whose class is among the k greatest scores, labels that count), and where asked for the same
/// of each class; all NaN where a label is no class.
package struct ClassMatch: Kernel {
  private let x: FloatView
  private let labels: ClassLabels
  private let statistics: DoubleView
  private let rule: MatchRule
  private let isPerClass: Bool

  package static func statisticCount(classes: Int, isPerClass: Bool) -> Int {
    2 + (isPerClass ? 2 * classes : 0)
  }

  package init(
    _ x: FloatView, _ labels: ClassLabels, statistics: DoubleView, _ rule: MatchRule = MatchRule(),
    isPerClass: Bool = false
  ) {
    self.x = x.checked(labels.extent.count)
    self.labels = labels
    self.statistics = statistics.checked(
      ClassMatch.statisticCount(classes: labels.extent.axis, isPerClass: isPerClass))
    self.rule = rule
    self.isPerClass = isPerClass
  }

  package func run() {
    statistics.fill(with: 0)
    var hasWrongLabel = false
    labels.forEachPosition { first, position in
      switch labels.meaning(position) {
      case .ignored: break
      case .wrong: hasWrongLabel = true
      case .index(let index):
        let isRight = isMatch(first, index)
        statistics[0] += isRight ? 1 : 0
        statistics[1] += 1
        guard isPerClass else { return }
        statistics[2 &+ 2 &* index] += isRight ? 1 : 0
        statistics[3 &+ 2 &* index] += 1
      }
    }
    if hasWrongLabel { statistics.fill(with: .nan) }
  }

  /// Whether fewer than k other classes come before the label's.
  private func isMatch(_ first: Int, _ index: Int) -> Bool {
    let score = x[first &+ index &* labels.stride]
    // Not even its own: NaN is no score.
    guard score == score else { return false }
    var before = 0
    for other in 0..<labels.extent.axis where other != index {
      let rival = x[first &+ other &* labels.stride]
      if rival > score || (rival == score && (rule.losesTies || other < index)) { before &+= 1 }
    }
    return before < rule.topCount
  }
}

/// statistics[actual · classes + predicted] = the number of positions; the prediction is the class of the greatest
/// score, the first of equals. All are NaN where a label is no class.
package struct ConfusionCounts: Kernel {
  private let x: FloatView
  private let labels: ClassLabels
  private let statistics: DoubleView

  package init(_ x: FloatView, _ labels: ClassLabels, statistics: DoubleView) {
    self.x = x.checked(labels.extent.count)
    self.labels = labels
    self.statistics = statistics.checked(labels.extent.axis * labels.extent.axis)
  }

  package func run() {
    statistics.fill(with: 0)
    var hasWrongLabel = false
    labels.forEachPosition { first, position in
      switch labels.meaning(position) {
      case .ignored: break
      case .wrong: hasWrongLabel = true
      case .index(let actual):
        let predicted = greatestClass(x, first: first, labels)
        statistics[actual &* labels.extent.axis &+ predicted] += 1
      }
    }
    if hasWrongLabel { statistics.fill(with: .nan) }
  }
}

/// Of each class: statistics = (positions where it is predicted and right, predicted, right). The prediction is the
/// class of the greatest score, the first of equals. All are NaN where a label is no class.
package struct ClassCounts: Kernel {
  /// Sums of a class.
  package static let width = 3

  private let x: FloatView
  private let labels: ClassLabels
  private let statistics: DoubleView

  package init(_ x: FloatView, _ labels: ClassLabels, statistics: DoubleView) {
    self.x = x.checked(labels.extent.count)
    self.labels = labels
    self.statistics = statistics.checked(labels.extent.axis * ClassCounts.width)
  }

  package func run() {
    statistics.fill(with: 0)
    var hasWrongLabel = false
    labels.forEachPosition { first, position in
      switch labels.meaning(position) {
      case .ignored: break
      case .wrong: hasWrongLabel = true
      case .index(let actual):
        let predicted = greatestClass(x, first: first, labels)
        if predicted == actual { statistics[actual &* ClassCounts.width] += 1 }
        statistics[predicted &* ClassCounts.width &+ 1] += 1
        statistics[actual &* ClassCounts.width &+ 2] += 1
      }
    }
    if hasWrongLabel { statistics.fill(with: .nan) }
  }
}

/// The class of the greatest score of a position, the first of equals.
@inline(__always)
private func greatestClass(_ x: FloatView, first: Int, _ labels: ClassLabels) -> Int {
  var best = 0
  for index in 1..<max(labels.extent.axis, 1)
  where x[first &+ index &* labels.stride] > x[first &+ best &* labels.stride] {
    best = index
  }
  return best
}

/// The score and label of every example, each in its place of the whole batch: statistics[2n] = score,
/// statistics[2n + 1] = 1 or 0, −1 where the example does not count, NaN where the label is neither.
///
/// A slice leaves 0 in the places of others, so that the sum over the slices holds all.
package struct ScoredLabels: Kernel {
  private let x: FloatView
  private let labels: ClassLabels
  private let statistics: DoubleView
  private let start: Int
  private let width: Int

  /// - Parameters:
  ///   - width: scores of an example: 1, or 2 of which the second less the first is the score.
  ///   - labels: of two classes, one an example.
  ///   - start: the slice's first example.
  package init(
    _ x: FloatView, width: Int, _ labels: ClassLabels, statistics: DoubleView, start: Int
  ) {
    self.x = x.checked(labels.positions * width)
    self.width = width
    self.labels = labels
    self.statistics = statistics.checked(2 * (start + labels.positions))
    self.start = start
  }

  package func run() {
    statistics.fill(with: 0)
    for example in 0..<labels.positions {
      let last = Double(x[example &* width &+ width &- 1])
      let place = 2 &* (start &+ example)
      statistics[place] = width == 2 ? last - Double(x[example &* width]) : last
      statistics[place &+ 1] =
        switch labels.meaning(example) {
        case .ignored: -1
        case .wrong: .nan
        case .index(let index): Double(index)
        }
    }
  }
}
