internal import Files
internal import Networks

/// Predictions as a table of comma-separated values (RFC 4180).
///
/// The columns depend on the form of the prediction:
///
/// - Classes: `class`, then `probability_NAME` of each class.
/// - Classes per position: `class_1`, `class_2` and so on in row-major order.
/// - Independent scores: `probability_NAME` of each target.
/// - Other values: `BLOB_NAME` of each value.
///
/// NAME is the target or input that a loss compares with the value. If there is none, NAME is the
/// number of the value, from 1.
package struct PredictionTable: Sendable {
  package private(set) var text = ""
  /// The number of rows that contain NaN. Such cells are empty.
  package private(set) var rowsWithoutNumber = 0
  package private(set) var rowCount = 0

  /// Makes the table of `predictions`.
  ///
  /// - Parameters:
  ///   - blob: The name of the predicted blob.
  ///   - classes: The known class names, by number.
  ///   - positions: The layout of class scores at several positions. Otherwise nil.
  ///   - targets: The names of the targets or inputs that a loss compares with the values. Ignored
  ///     unless there is one name per value.
  init(
    _ predictions: Predictions, blob: String, classes: [String], positions: ClassPositions?,
    targets: [String]
  ) {
    rowCount = predictions.count
    if let positions {
      writePositions(predictions, positions, classes)
    } else if predictions.isClassification {
      writeClasses(predictions, classes)
    } else {
      let names =
        targets.count == predictions.width
        ? targets : (0..<predictions.width).map { String($0 + 1) }
      let prefix = predictions.form == .independentScores ? "probability" : blob
      writeValues(predictions, names.map { "\(prefix)_\($0)" })
    }
  }

  private mutating func writeClasses(_ predictions: Predictions, _ stated: [String]) {
    let names = (0..<predictions.classCount).map {
      stated.indices.contains($0) ? stated[$0] : "\($0)"
    }
    text = CSVText.line(["class"] + names.map { "probability_\($0)" })
    for example in 0..<predictions.count {
      guard let best = predictions.bestClass(example) else {
        rowsWithoutNumber += 1
        text += CSVText.line(Array(repeating: "", count: names.count + 1))
        continue
      }
      text += CSVText.line([names[best]] + predictions.probabilities(example).map(\.description))
    }
  }

  private mutating func writePositions(
    _ predictions: Predictions, _ positions: ClassPositions, _ stated: [String]
  ) {
    text = CSVText.line((0..<positions.count).map { "class_\($0 + 1)" })
    for example in 0..<predictions.count {
      let values = predictions.values(of: example)
      let classes = (0..<positions.count).map { positions.bestClass(at: $0, of: values) }
      if classes.contains(nil) { rowsWithoutNumber += 1 }
      text += CSVText.line(
        classes.map { best in
          best.map { stated.indices.contains($0) ? stated[$0] : "\($0)" } ?? ""
        })
    }
  }

  private mutating func writeValues(_ predictions: Predictions, _ names: [String]) {
    text = CSVText.line(names)
    for example in 0..<predictions.count {
      let values = predictions.probabilities(example)
      if values.contains(where: \.isNaN) { rowsWithoutNumber += 1 }
      text += CSVText.line(values.map { $0.isNaN ? "" : $0.description })
    }
  }

  /// The warning about rows with NaN. Nil when every value is a number.
  package var warning: String? {
    guard rowsWithoutNumber > 0 else { return nil }
    return "warning: \(rowsWithoutNumber) of \(rowCount) rows have scores that are not numbers "
      + "(NaN): their cells are empty"
  }
}
