package import DataFiles
internal import YAML

/// Writes the values of a stored column, by a fitted encoding.
///
/// The values are in double precision. A later transform, such as `standardize`, computes with them,
/// and rounds once.
package struct ColumnEncoder: Sendable {
  package let encoding: ColumnEncoding
  private let column: StoredColumn
  /// The stored value that replaces a missing one. Nil without such a value.
  private let fill: Double?
  /// For each category of the column its index in the encoding. −1 for an unknown category.
  private let indices: [Int]

  /// Prepares an encoding for a column.
  ///
  /// - Parameters:
  ///   - encoding: a fitted encoding.
  ///   - table: the table of the column, for messages.
  ///   - rows: whether each row is used. Nil means all. Only used rows must have known values.
  ///   - field: the field of the model file that reads the column.
  /// - Throws: the first cell with a value that training did not see.
  package init(
    _ encoding: ColumnEncoding, of column: StoredColumn, in table: StoredTable,
    rows: [Bool]? = nil, field: String? = nil
  ) throws(DataFailure) {
    self.encoding = encoding
    self.column = column
    guard encoding.kind == .category else {
      fill = encoding.fill.flatMap { encoding.value(of: $0) }
      indices = []
      return
    }
    let categories = encoding.categories ?? []
    var places: [String: Int] = [:]
    for (index, name) in categories.enumerated() {
      places[LabelIndex.canonicalName(of: name)] = index
    }
    let other = encoding.other ? categories.count : -1
    indices = column.categories.map { places[$0] ?? other }
    fill = encoding.fill.map {
      Double(places[LabelIndex.canonicalName(of: $0.text)] ?? max(other, 0))
    }
    try check(table, rows, field)
  }

  /// Refuses the first row with an unknown category.
  private func check(
    _ table: StoredTable, _ rows: [Bool]?, _ field: String?
  ) throws(DataFailure) {
    guard indices.contains(-1) else { return }
    for row in 0..<column.count where rows?[row] ?? true {
      let code = column.values[row]
      guard !code.isNaN, indices[Int(code)] < 0 else { continue }
      let name = column.categories[Int(code)].quotable
      throw .content(
        "\(table.path.quotable): row \(table.line(ofRow: row)), column "
          + "'\(column.name.quotable)': expected a category of the training part "
          + "(\((encoding.categories ?? []).quotedList)), received '\(name)'; 'other: true' "
          + "accepts it")
    }
  }

  /// Writes the values of rows.
  ///
  /// - Parameters:
  ///   - rows: the rows, in the order of the examples.
  ///   - values: receives the values of example i from `offset` + i · `stride` on.
  package func write(
    _ rows: Span<Int>, to values: inout MutableSpan<Double>, offset: Int, stride: Int
  ) {
    let stored = column.values
    for index in rows.indices {
      let start = offset + index * stride
      write(stored[rows[index]], to: &values, at: start)
    }
  }

  /// Returns the values of one row.
  package func values(ofRow row: Int) -> [Double] {
    var values = [Double](repeating: 0, count: encoding.width)
    var span = values.mutableSpan
    write(column.values[row], to: &span, at: 0)
    return values
  }

  @inline(__always)
  private func write(_ stored: Double, to values: inout MutableSpan<Double>, at start: Int) {
    let isMissing = stored.isNaN
    let width = encoding.width
    if encoding.hasIndicator { values[start + width - 1] = isMissing ? 1 : 0 }
    switch encoding.kind {
    case .number, .boolean, .ordinal: values[start] = isMissing ? fill ?? 0 : stored
    case .category:
      let index = categoryIndex(stored)
      guard encoding.form == .oneHot else {
        values[start] = Double(index)
        return
      }
      for place in 0..<encoding.categoryCount { values[start + place] = place == index ? 1 : 0 }
    case .date, .datetime:
      let isTime = encoding.kind == .datetime
      let value = isMissing ? fill ?? 0 : stored
      let parts = DateParts.parts(ofDay: isTime ? value / 86_400 : value, withTime: isTime)
      for (place, part) in parts.enumerated() { values[start + place] = part }
    }
  }

  /// The index of a stored category. A missing value of its own has the last index.
  private func categoryIndex(_ stored: Double) -> Int {
    guard stored.isNaN else { return max(0, indices[Int(stored)]) }
    return encoding.missing == .own ? encoding.categoryCount - 1 : Int(fill ?? 0)
  }
}
