/// How many statistics the metrics of classes have.
package enum ClassStatistics {
  /// Statistics of each class in ``classCounts``.
  package static let countWidth = 3

  /// Statistics of ``classMatches``.
  package static func matchCount(classes: Int, isPerClass: Bool) -> Int {
    2 + (isPerClass ? 2 * classes : 0)
  }
}
