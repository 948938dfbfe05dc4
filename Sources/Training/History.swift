/// What a run recorded: a row for every displayed iteration, and the tests.
///
/// Nothing in it varies between two runs of the same file. Losses and scores are kept as its text has them, in single
/// precision, so that what is read back is the same.
package struct History: Sendable {
  /// The names of the test columns: `test_loss`, `test_accuracy`.
  package let testNames: [String]
  package private(set) var iterations: [Int] = []
  package private(set) var epochs: [Int] = []
  package private(set) var learningRates: [Double] = []
  package private(set) var losses: [Double] = []
  /// The regularizers' part of the objective, where it is shown; empty otherwise.
  package private(set) var regularizations: [Double] = []
  let showsRegularization: Bool
  /// The values of a test, and the row that they belong to.
  package private(set) var tests: [(row: Int, values: [Double])] = []

  /// - Parameter rows: how many rows there will be; space is taken once.
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

  /// The bytes that so many rows take, with the text that is made of them in the end, twice: as
  /// text and as the bytes of a file.
  static func bytes(
    rows: Int, tests: Int, columns: Int, showsRegularization: Bool = false
  ) -> Double {
    let shown = showsRegularization ? 8 + 2 * 16 : 0
    return Double(rows) * Double(4 * 8 + 2 * 64 + shown)
      + Double(tests) * (16 + 32 + (8 + 2 * 16) * Double(columns))
  }

  /// - Parameter regularization: used where it is shown.
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
