/// The number of statistics of class metrics.
package enum ClassStatistics {
  /// The statistics per class of ``classCounts``.
  package static let countWidth = 3

  /// Returns the number of statistics of ``classMatches``.
  package static func matchCount(classes: Int, isPerClass: Bool) -> Int {
    2 + (isPerClass ? 2 * classes : 0)
  }
}
