/// The rows of a history that a record keeps.
///
/// They are the first rows, rows at equal distances, tests at equal distances, and the last row.
struct RecordedRows {
  /// The number of first iterations that are all kept, and compared most closely.
  static let firstCount = 20
  /// The greatest number of rows at equal distances, and of tests at equal distances.
  static let count = 200

  /// The distance of kept rows: 2 keeps every second row. `testStride` is the distance of kept
  /// tests.
  let stride: Int
  let testStride: Int
  private let lastRow: Int

  init(rows: Int, tests: Int) {
    stride = RecordedRows.stride(rows)
    testStride = RecordedRows.stride(tests)
    lastRow = rows - 1
  }

  /// Returns the least of 1, 2, 5, 10, 20, 50 … that keeps few enough rows.
  private static func stride(_ total: Int) -> Int {
    var decade = 1
    while true {
      for step in [1, 2, 5] where total / (decade * step) <= count { return decade * step }
      decade *= 10
    }
  }

  /// Whether the record keeps a row.
  ///
  /// - Parameters:
  ///   - row: the index of the row, from 0.
  ///   - test: the index of the row's test, from 0. Nil without a test.
  func contains(row: Int, test: Int?) -> Bool {
    row < RecordedRows.firstCount || (row + 1) % stride == 0 || row == lastRow
      || test.map { ($0 + 1) % testStride == 0 } ?? false
  }

  /// The kept rows as text: `all`, or `1 to 20, one of 50, each test, the last`.
  var description: String {
    guard stride > 1 else { return "all" }
    let tests = testStride == 1 ? "each test" : "each test of \(testStride)"
    return "1 to \(RecordedRows.firstCount), one of \(stride), \(tests), the last"
  }
}
