internal import Files

extension History {
  /// The history as CSV with the columns `iteration,epoch,learning_rate,loss,test_…`, one line per
  /// row.
  ///
  /// Test cells are empty in rows without a test. The column `regularization` follows the loss if
  /// the solver shows it.
  ///
  /// Each number is the shortest decimal that parses to the same value: double precision for the
  /// learning rate, single precision for the others.
  package var csv: String { header + text(from: 0) }

  /// The header line.
  var header: String { CSVText.line(columns) }

  /// The fixed columns of every history, and the optional column `regularization`.
  private enum Column: String {
    case iteration, epoch
    case learningRate = "learning_rate"
    case loss, regularization
  }

  private var columns: [String] {
    let first: [Column] = [.iteration, .epoch, .learningRate, .loss]
    return (first + (showsRegularization ? [.regularization] : [])).map(\.rawValue) + testNames
  }

  /// Returns the lines from row `first` on.
  package func text(from first: Int) -> String {
    var text = ""
    text.reserveCapacity((iterations.count - first) * 40)
    var test = tests.drop { $0.row < first }.makeIterator()
    var next = test.next()
    let blank = String(repeating: ",", count: testNames.count)
    for row in first..<iterations.count {
      text += "\(iterations[row]),\(epochs[row]),\(learningRates[row])"
      text += ",\(losses[row].singlePrecision)"
      if showsRegularization { text += ",\(regularizations[row].singlePrecision)" }
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

  /// Appends the rows of a text that ``csv`` made from a history with the same columns.
  ///
  /// - Returns: False if the text does not have this form.
  package mutating func append(csv text: Substring) -> Bool {
    guard text.hasPrefix(header) else { return false }
    let places = Dictionary(
      columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for line in text.dropFirst(header.count).split(separator: "\n") {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count == columns.count else { return false }
      func cell(_ column: Column) -> Substring? { places[column.rawValue].map { cells[$0] } }
      guard let iteration = cell(.iteration).flatMap({ Int($0) }),
        let epoch = cell(.epoch).flatMap({ Int($0) }),
        let rate = cell(.learningRate).flatMap({ Double($0) }),
        let loss = cell(.loss).flatMap({ Float($0) })
      else { return false }
      let regularization = cell(.regularization).flatMap { Float($0) }
      guard !showsRegularization || regularization != nil else { return false }
      append(
        iteration: iteration, epoch: epoch, learningRate: rate, loss: Double(loss),
        regularization: regularization.map { Double($0) })
      let scores = testNames.compactMap { name in places[name].map { cells[$0] } }
      guard scores.contains(where: { !$0.isEmpty }) else { continue }
      let values = scores.compactMap { Float($0) }
      guard values.count == testNames.count else { return false }
      appendTest(values.map { Double($0) })
    }
    return true
  }
}
