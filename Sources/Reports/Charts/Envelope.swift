/// A series reduced to the columns of a picture: the least, the greatest and the mean value of each
/// column.
///
/// The extremes within a column stay visible, and the size of the picture does not depend on the
/// length of the run.
package struct Envelope: Sendable {
  package private(set) var minimum: [Double]
  package private(set) var maximum: [Double]
  package private(set) var mean: [Double]
  /// The number of finite values in each column.
  package private(set) var count: [Int]
  /// The number of values in each column that cannot be drawn.
  package private(set) var gapCount: [Int]

  /// Divides `iterations`, including both ends, into equal columns. Values outside are ignored.
  package init(_ series: ReportContent.Series, iterations: ClosedRange<Double>, columns: Int) {
    minimum = Array(repeating: .infinity, count: columns)
    maximum = Array(repeating: -.infinity, count: columns)
    mean = Array(repeating: 0, count: columns)
    count = Array(repeating: 0, count: columns)
    gapCount = Array(repeating: 0, count: columns)
    let span = iterations.upperBound - iterations.lowerBound
    let columnsPerIteration = span > 0 ? Double(columns) / span : 0
    for index in series.values.indices {
      let iteration = Double(series.iterations[index])
      guard iterations.contains(iteration) else { continue }
      let position = (iteration - iterations.lowerBound) * columnsPerIteration
      let column = min(columns - 1, Int(position))
      let value = series.values[index]
      guard value.isDrawable else {
        gapCount[column] += 1
        continue
      }
      minimum[column] = min(minimum[column], value)
      maximum[column] = max(maximum[column], value)
      count[column] += 1
      mean[column] += (value - mean[column]) / Double(count[column])
    }
  }
}

extension Double {
  /// Whether a chart can show this value.
  var isDrawable: Bool { magnitude <= Axis.limit }
}
