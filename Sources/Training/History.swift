/// The record of a training: one row per displayed iteration, and the tests.
///
/// Two runs of the same file produce the same history. It stores losses and scores in single
/// precision, as its text does, so that a history read from the text is equal.
package struct History: Sendable {
  /// The names of the test columns: `test_loss`, `test_accuracy`.
  package let testNames: [String]
  package private(set) var iterations: [Int] = []
  package private(set) var epochs: [Int] = []
  package private(set) var learningRates: [Double] = []
  package private(set) var losses: [Double] = []
  /// The regularizers' part of the objective in each row. Empty unless the solver shows it.
  package private(set) var regularizations: [Double] = []
  let showsRegularization: Bool
  /// The values of each test, and the row to which they belong.
  package private(set) var tests: [(row: Int, values: [Double])] = []

  /// - Parameter rows: The expected number of rows, for which the history reserves space once.
  package init(testNames: [String], rows: Int, tests: Int, showsRegularization: Bool = false) {
    self.testNames = testNames
    self.showsRegularization = showsRegularization
    iterations.reserveCapacity(rows)
    epochs.reserveCapacity(rows)
    learningRates.reserveCapacity(rows)
    losses.reserveCapacity(rows)
    if showsRegularization { regularizations.reserveCapacity(rows) }
    self.tests.reserveCapacity(tests)
  }

  /// Returns the bytes for a history of this size. Its final text counts twice: as a string and as
  /// the bytes of a file.
  static func bytes(
    rows: Int, tests: Int, columns: Int, showsRegularization: Bool = false
  ) -> Double {
    let shown = showsRegularization ? 8 + 2 * 16 : 0
    return Double(rows) * Double(4 * 8 + 2 * 64 + shown)
      + Double(tests) * (16 + 32 + (8 + 2 * 16) * Double(columns))
  }

  /// - Parameter regularization: Ignored unless the solver shows it.
  package mutating func append(
    iteration: Int, epoch: Int, learningRate: Double, loss: Double, regularization: Double? = nil
  ) {
    iterations.append(iteration)
    epochs.append(epoch)
    learningRates.append(learningRate)
    losses.append(Double(Float(loss)))
    if showsRegularization { regularizations.append(Double(Float(regularization ?? .nan))) }
  }

  /// Records a test after the last row.
  package mutating func appendTest(_ values: [Double]) {
    tests.append((iterations.count - 1, values.map { Double(Float($0)) }))
  }

  /// The values of one test column, with their iterations.
  package func test(_ column: Int) -> (iterations: [Int], values: [Double]) {
    (tests.map { iterations[$0.row] }, tests.map { $0.values[column] })
  }
}
