package import DataFiles
internal import Fields
internal import YAML

extension ColumnEncoding {
  /// Whether the encoding learns a value from the training rows.
  var isLearned: Bool {
    if kind == .category, categories == nil { return true }
    guard let missing, missing != .row, fill == nil else { return false }
    return kind != .category || missing != .own
  }

  /// Returns the encoding with the categories and the value for gaps of the training rows.
  ///
  /// Categories and values that the model file states are kept. The categories are sorted: integers
  /// by value, others by code points. Without missing values in training the value for gaps is
  /// learned all the same, because a test may have some.
  ///
  /// - Parameters:
  ///   - column: the column as stored.
  ///   - rows: whether each row is in the training part. Nil means all.
  ///   - path: the table's name in messages.
  /// - Throws: a failure when the training rows have no value.
  package func fitted(
    to column: StoredColumn, rows: [Bool]? = nil, path: String
  ) throws(DataFailure) -> ColumnEncoding {
    var encoding = self
    let sample = ColumnSample(column, rows)
    if kind == .category, categories == nil {
      encoding.categories = sample.sortedCategories
      guard encoding.categories?.isEmpty == false else { throw noValues(path) }
    }
    guard let missing, missing != .row, fill == nil else { return encoding }
    if kind == .category, missing == .own { return encoding }
    guard let fill = learnedFill(missing, sample) else { throw noValues(path) }
    encoding.fill = fill
    return encoding
  }

  /// Clears each row whose value is missing, when the policy leaves such rows out.
  ///
  /// - Parameter rows: one value for each row of the column.
  package func dropMissingRows(of column: StoredColumn, from rows: inout [Bool]) {
    guard missing == .row, column.missingCount > 0 else { return }
    for row in rows.indices where row < column.count && column.isMissing(row) { rows[row] = false }
  }

  private func noValues(_ path: String) -> DataFailure {
    .content(
      "\(path.quotable): column '\(column.quotable)': expected a value in the training part, "
        + "received only missing values; leave the column out")
  }

  private func learnedFill(_ policy: MissingPolicy, _ sample: ColumnSample) -> FillValue? {
    let value: Double?
    switch (policy, kind) {
    case (.mostFrequent, .category):
      return sample.mostFrequentCategory.map { FillValue($0) }
    case (.mostFrequent, _): value = sample.mostFrequent
    case (.own, .boolean): value = 0
    case (.median, .number): value = sample.median
    case (.median, _), (.own, .ordinal): value = sample.lowerMedian
    default: value = sample.mean
    }
    return value.map(text)
  }

  /// Returns a stored value as the model file writes it.
  private func text(_ value: Double) -> FillValue {
    switch kind {
    case .boolean: FillValue(value == 0 ? "false" : "true")
    case .ordinal: FillValue((order ?? [])[Int(value)])
    case .date: FillValue(ISODate.text(ofDay: Int(value.rounded(.down))))
    case .datetime: FillValue(ISODate.text(ofSecond: Int(value.rounded(.down))))
    case .number, .category: FillValue(value.encoded.scalar?.text ?? "0")
    }
  }

  /// Returns the stored value that `fill` means. Nil when it is not of the column's type.
  func value(of fill: FillValue) -> Double? {
    let type: ColumnType =
      switch kind {
      case .number: .number()
      case .date: .date()
      case .datetime: .datetime()
      case .boolean, .category, .ordinal: columnType()
      }
    return type.value(of: fill.text)
  }
}
