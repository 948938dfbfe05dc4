/// What a run recorded: a row for every displayed iteration, and the tests.
///
/// Nothing in it varies between two runs of the same file.
package struct History: Sendable {
  /// The names of the test columns: `test_loss`, `test_accuracy`.
  package let testNames: [String]
  package private(set) var iterations: [Int] = []
  package private(set) var epochs: [Int] = []
  package private(set) var learningRates: [Double] = []
  package private(set) var losses: [Double] = []
  /// The values of a test, and the row that they belong to.
  package private(set) var tests: [(row: Int, values: [Double])] = []

  /// - Parameter rows: how many rows there will be; space is taken once.
  package init(testNames: [String], rows: Int, tests: Int) {
    self.testNames = testNames
    iterations.reserveCapacity(rows)
    epochs.reserveCapacity(rows)
    learningRates.reserveCapacity(rows)
    losses.reserveCapacity(rows)
    self.tests.reserveCapacity(tests)
  }

  /// The bytes that so many rows take, with the text that is made of them in the end, twice: as
  /// text and as the bytes of a file.
  static func bytes(rows: Int, tests: Int, columns: Int) -> Double {
    Double(rows) * (4 * 8 + 2 * 64) + Double(tests) * (16 + 32 + (8 + 2 * 16) * Double(columns))
  }

  package mutating func append(iteration: Int, epoch: Int, learningRate: Double, loss: Double) {
    iterations.append(iteration)
    epochs.append(epoch)
    learningRates.append(learningRate)
    losses.append(loss)
  }

  /// Records a test after the last row.
  package mutating func appendTest(_ values: [Double]) {
    tests.append((iterations.count - 1, values))
  }

  /// The values of one test column, with their iterations.
  package func test(_ column: Int) -> (iterations: [Int], values: [Double]) {
    (tests.map { iterations[$0.row] }, tests.map { $0.values[column] })
  }

  /// `iteration,epoch,learning_rate,loss,test_…`: a line a row, cells of tests that were not made
  /// empty.
  ///
  /// Numbers are the shortest that read back as the same single-precision value (of the learning
  /// rate: double).
  package var csv: String {
    var text = CSVText.line(["iteration", "epoch", "learning_rate", "loss"] + testNames)
    text.reserveCapacity(text.utf8.count + iterations.count * 40)
    var test = tests.makeIterator()
    var next = test.next()
    let blank = String(repeating: ",", count: testNames.count)
    for row in iterations.indices {
      text += "\(iterations[row]),\(epochs[row]),\(learningRates[row])"
      text += ",\(losses[row].singlePrecision)"
      if let current = next, current.row == row {
        for value in current.values { text += ",\(value.singlePrecision)" }
        next = test.next()
      } else {
        text += blank
      }
      text += "\n"
    }
    return text
  }
}
