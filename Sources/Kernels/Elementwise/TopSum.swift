/// The meaning of the statistics that ``topSum(of:statistics:examples:)`` writes.
package enum TopSum {
  /// The count of the statistics: the sum, and the number of its examples.
  package static let statisticCount = 2

  /// Returns the sum over a batch of `batch` examples, each with the mean of all examples in the
  /// statistics.
  package static func value(of statistics: [Double], batch: Int) -> Double {
    statistics[1] == 0 ? 0 : statistics[0] * (Double(batch) / statistics[1])
  }

  /// Returns the mean of all values in the sum, with `width` values per example. NaN without
  /// examples.
  package static func mean(of statistics: [Double], width: Int) -> Double {
    statistics[0] / (statistics[1] * Double(width))
  }

  /// Adds the statistics of further examples.
  package static func join(_ statistics: [Double], to total: inout [Double]) {
    for place in 0..<statisticCount { total[place] += statistics[place] }
  }
}
