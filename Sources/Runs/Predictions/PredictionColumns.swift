internal import Networks

/// The named cells of a prediction. They depend on the form of the prediction:
///
/// - Classes: `class`, then `probability_NAME` of each class.
/// - Classes per position: `class_1`, `class_2` and so on in row-major order.
/// - Independent scores: `probability_NAME` of each target.
/// - Other values: `BLOB_NAME` of each value.
///
/// NAME is the target or input that a loss compares with the value. If there is none, NAME is the
/// number of the value, from 1.
struct PredictionColumns {
  /// The content of a cell.
  enum Cell {
    case text(String)
    case number(Float)
    /// A score was NaN.
    case missing
  }

  private enum Content {
    case classes([String])
    case positions(ClassPositions, [String])
    case values
  }

  let names: [String]
  private let content: Content

  /// - Parameters:
  ///   - predictions: any predictions of the model.
  ///   - blob: The name of the predicted blob.
  ///   - classes: The known class names, by number.
  ///   - positions: The layout of class scores at several positions. Otherwise nil.
  ///   - targets: The names of the targets or inputs that a loss compares with the values. Ignored
  ///     unless there is one name per value.
  init(
    of predictions: Predictions, blob: String, classes: [String], positions: ClassPositions?,
    targets: [String]
  ) {
    if let positions {
      names = (0..<positions.count).map { "class_\($0 + 1)" }
      content = .positions(positions, classes)
    } else if predictions.isClassification {
      let all = (0..<predictions.classCount).map {
        classes.indices.contains($0) ? classes[$0] : "\($0)"
      }
      names = ["class"] + all.map { "probability_\($0)" }
      content = .classes(all)
    } else {
      let all =
        targets.count == predictions.width
        ? targets : (0..<predictions.width).map { String($0 + 1) }
      let prefix = predictions.form == .independentScores ? "probability" : blob
      names = all.map { "\(prefix)_\($0)" }
      content = .values
    }
  }

  /// Returns the cells of an example, one for each name.
  func cells(of example: Int, in predictions: Predictions) -> [Cell] {
    switch content {
    case .classes(let classes):
      guard let best = predictions.bestClass(example) else {
        return Array(repeating: .missing, count: names.count)
      }
      return [.text(classes[best])] + predictions.probabilities(example).map(Cell.number)
    case .positions(let positions, let classes):
      let values = predictions.values(of: example)
      return (0..<positions.count).map { place in
        positions.bestClass(at: place, of: values).map { best in
          .text(classes.indices.contains(best) ? classes[best] : "\(best)")
        } ?? .missing
      }
    case .values:
      return predictions.probabilities(example).map { $0.isNaN ? .missing : .number($0) }
    }
  }

  /// The numbers of an example: probabilities, or the scores at several positions.
  func numbers(of example: Int, in predictions: Predictions) -> [Float] {
    if case .positions = content { return Array(predictions.values(of: example)) }
    return predictions.probabilities(example)
  }
}
