/// Which rows of a history a record keeps: each of the first ones, then so many at equal distances, as many tests, and
/// the last.
struct RecordedRows {
  /// Iterations that are kept each, and compared most closely.
  static let firstCount = 20
  /// The most rows at equal distances, and the most tests at equal distances.
  static let count = 200

  /// 2: every second row is kept, and so on; of tests likewise.
  let stride: Int
  let testStride: Int
  private let lastRow: Int

  init(rows: Int, tests: Int) {
    stride = RecordedRows.stride(rows)
    testStride = RecordedRows.stride(tests)
    lastRow = rows - 1
  }

  /// The least of 1, 2, 5, 10, 20, 50 … that leaves few enough.
  private static func stride(_ total: Int) -> Int {
    var decade = 1
    while true {
      for step in [1, 2, 5] where total / (decade * step) <= count { return decade * step }
      decade *= 10
    }
  }

  /// - Parameters:
  ///   - row: counted from 0.
  ///   - test: the number of the row's test, counted from 0; nil if it has none.
  func contains(row: Int, test: Int?) -> Bool {
    row < RecordedRows.firstCount || (row + 1) % stride == 0 || row == lastRow
      || test.map { ($0 + 1) % testStride == 0 } ?? false
  }

  /// `all`, or `1 to 20, one of 50, each test, the last`.
  var description: String {
    guard stride > 1 else { return "all" }
    let tests = testStride == 1 ? "each test" : "each test of \(testStride)"
    return "1 to \(RecordedRows.firstCount), one of \(stride), \(tests), the last"
  }
}
