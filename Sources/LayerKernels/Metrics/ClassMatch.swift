package import Kernels

extension ClassLabels {
  /// Calls `count` with the place of the first score and the class of each position that counts.
  ///
  /// The statistics begin at 0. If a label does not name a class, all of them become NaN.
  @inline(__always)
  fileprivate func tally(
    to statistics: DoubleView, _ count: (_ first: Int, _ actual: Int) -> Void
  ) {
    statistics.fill(with: 0)
    var hasWrongLabel = false
    forEachPosition { first, position, _ in
      switch meaning(position) {
      case .ignored: break
      case .wrong: hasWrongLabel = true
      case .index(let actual): count(first, actual)
      }
    }
    if hasWrongLabel { statistics.fill(with: .nan) }
  }

  /// Returns the class of a position's greatest score, the first of equal ones.
  @inline(__always)
  fileprivate func greatestClass(_ x: FloatView, first: Int) -> Int {
    var best = 0
    for index in 1..<max(extent.axis, 1)
    where x[first &+ index &* stride] > x[first &+ best &* stride] {
      best = index
    }
    return best
  }

  /// Returns true if fewer than k classes rank before the label's class.
  fileprivate func isMatch(_ x: FloatView, first: Int, _ index: Int, _ rule: MatchRule) -> Bool {
    let score = x[first &+ index &* stride]
    // A NaN score does not match, not even of its own class.
    guard score == score else { return false }
    var before = 0
    for other in 0..<extent.axis where other != index {
      let rival = x[first &+ other &* stride]
      if rival > score || (rival == score && (rule.losesTies || other < index)) { before &+= 1 }
    }
    return before < rule.topCount
  }
}

/// statistics = (labels whose class is among the k greatest scores, labels that count).
///
/// On request the same two numbers follow for each class. All numbers are NaN if a label does not
/// name a class.
package func classMatches(
  _ x: FloatView, _ labels: ClassLabels, statistics: DoubleView, _ rule: MatchRule = MatchRule(),
  isPerClass: Bool = false
) -> some Kernel {
  let x = x.checked(labels.extent.count)
  let statistics = statistics.checked(
    ClassStatistics.matchCount(classes: labels.extent.axis, isPerClass: isPerClass))
  return PreparedLoop {
    labels.tally(to: statistics) { first, actual in
      let isRight = labels.isMatch(x, first: first, actual, rule)
      statistics[0] += isRight ? 1 : 0
      statistics[1] += 1
      guard isPerClass else { return }
      statistics[2 &+ 2 &* actual] += isRight ? 1 : 0
      statistics[3 &+ 2 &* actual] += 1
    }
  }
}

/// statistics[actual · classes + predicted] = the number of positions.
///
/// The prediction is the class of the greatest score, the first of equal ones. All numbers are NaN
/// if a label does not name a class.
package func confusionCounts(
  _ x: FloatView, _ labels: ClassLabels, statistics: DoubleView
) -> some Kernel {
  let (x, classes) = (x.checked(labels.extent.count), labels.extent.axis)
  let statistics = statistics.checked(classes * classes)
  return PreparedLoop {
    labels.tally(to: statistics) { first, actual in
      statistics[actual &* classes &+ labels.greatestClass(x, first: first)] += 1
    }
  }
}

/// statistics = (true positives, predicted positives, actual positives) of each class.
///
/// The prediction is the class of the greatest score, the first of equal ones. All numbers are NaN
/// if a label does not name a class.
package func classCounts(
  _ x: FloatView, _ labels: ClassLabels, statistics: DoubleView
) -> some Kernel {
  let (x, width) = (x.checked(labels.extent.count), ClassStatistics.countWidth)
  let statistics = statistics.checked(labels.extent.axis * width)
  return PreparedLoop {
    labels.tally(to: statistics) { first, actual in
      let predicted = labels.greatestClass(x, first: first)
      if predicted == actual { statistics[actual &* width] += 1 }
      statistics[predicted &* width &+ 1] += 1
      statistics[actual &* width &+ 2] += 1
    }
  }
}

/// The score and label of every example, each at its place in the whole batch.
///
/// statistics[2n] is the score. statistics[2n + 1] is the label 1 or 0, −1 for an example that does
/// not count, and NaN for any other label. A slice writes 0 at the places of other slices, so that
/// the sum over slices holds all examples.
///
/// - Parameters:
///   - width: the scores of an example, 1 or 2. With two, the score is the second minus the first.
///   - labels: the labels of two classes, one per example.
///   - start: the slice's first example.
package func scoredLabels(
  _ x: FloatView, width: Int, _ labels: ClassLabels, statistics: DoubleView, start: Int
) -> some Kernel {
  let x = x.checked(labels.positions * width)
  let statistics = statistics.checked(2 * (start + labels.positions))
  return PreparedLoop {
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
