internal import DataFiles

/// Finds columns in which different numbers of a source become one number in float32.
///
/// A network cannot distinguish such examples. In a column of n evenly spread doubles, rounding
/// makes up to n²/2²³ numbers equal by chance, which is harmless. A column is reported when it
/// loses more than twice as many numbers. Relative differences below 2⁻⁴⁵ count as noise of an
/// earlier computation, except between integers. So do differences below 2⁻⁴⁸ of the column's greatest
/// number: the cosine of a date near a quarter of the year has such noise.
///
/// The search covers only the first examples, which together have at most ``sampleLimit`` values.
enum RoundedValues {
  static let sampleLimit = 1 << 20

  /// The effect of the rounding on one column.
  private struct Finding {
    let column: Int
    /// The numbers of different values before and after the rounding.
    let before: Int
    let after: Int
    /// Two different values that became one.
    let low: (value: Double, example: Int)
    let high: (value: Double, example: Int)
    let rounded: Float
  }

  /// Describes the columns that lose differences.
  ///
  /// - Parameters:
  ///   - width: the number of columns.
  ///   - result: transforms a value of a column before it is rounded.
  /// - Returns: nil when no column loses differences.
  static func message(
    _ values: any ExactValues, count: Int, width: Int,
    _ result: (_ value: Double, _ column: Int) -> Double = { value, _ in value }
  ) throws(DataFailure) -> String? {
    let rows = min(count, sampleLimit / max(1, width))
    guard rows >= 2 else { return nil }
    let findings = try findings(values, rows: rows, width: width, result)
    guard let first = findings.first else { return nil }
    let others = findings.count - 1
    let examples = [first.low.example, first.high.example].sorted()
    return "\(values.subject(ofColumn: first.column)): \(first.before) different numbers become "
      + "\(first.after) in float32 (\(text(first.low.value)) and "
      + "\(text(first.high.value)) \(values.places(ofExamples: examples)) both become "
      + "\(text(Double(first.rounded))))"
      + (others > 0 ? "; also in \(others) more column\(others == 1 ? "" : "s")" : "")
      + (rows < count ? ", in the first \(rows) examples" : "")
  }

  private static func findings(
    _ values: any ExactValues, rows: Int, width: Int, _ result: (Double, Int) -> Double
  ) throws(DataFailure) -> [Finding] {
    var sample = [Double](repeating: 0, count: rows * width)
    try values.read { values, example, column, followsExamples in
      values.forEachPlace(example, column, followsExamples) { value, example, column in
        if example < rows { sample[column * rows + example] = value }
      }
      return followsExamples || example + 1 < rows
    }
    return (0..<width).compactMap { column in
      finding(sample[column * rows..<(column + 1) * rows], column) { result($0, column) }
    }
  }

  private static func finding(
    _ values: ArraySlice<Double>, _ column: Int, _ result: (Double) -> Double
  ) -> Finding? {
    let sorted = values.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
    var (before, after) = (1, 1)
    var pair: (low: (offset: Int, element: Double), high: (offset: Int, element: Double))?
    let noise = max(abs(sorted.first?.element ?? 0), abs(sorted.last?.element ?? 0)) * 0x1p-48
    for index in sorted.indices.dropFirst() {
      let (low, high) = (sorted[index - 1], sorted[index])
      guard isDifference(low.element, high.element, noise: noise) else { continue }
      before += 1
      if Float(result(low.element)) == Float(result(high.element)) {
        pair = pair ?? (low, high)
      } else {
        after += 1
      }
    }
    guard let pair, Double(before - after) * 0x1p22 > Double(before) * Double(before) else {
      return nil
    }
    return Finding(
      column: column, before: before, after: after, low: (pair.low.element, pair.low.offset),
      high: (pair.high.element, pair.high.offset), rounded: Float(result(pair.low.element)))
  }

  /// Whether two ascending numbers differ by more than noise.
  private static func isDifference(_ low: Double, _ high: Double, noise: Double) -> Bool {
    guard low != high else { return false }
    if low == low.rounded(), high == high.rounded() { return true }
    return high - low > max(max(abs(low), abs(high)) * 0x1p-45, noise)
  }

  /// Returns a number as text, without a fraction for integers of few digits.
  private static func text(_ value: Double) -> String {
    guard abs(value) < 0x1p63, let integer = Int(exactly: value) else { return "\(value)" }
    return String(integer)
  }
}
