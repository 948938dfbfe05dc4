internal import Expressions
internal import Functions
package import Networks

/// The predictions of a trained network.
package struct Predictions: Sendable {
  /// The row-major values, `width` per example.
  package let values: [Float]
  package let width: Int
  /// The meaning of the values.
  package let form: Graph.PredictionForm

  package var count: Int { width == 0 ? 0 : values.count / width }

  /// Whether the prediction for an example is a class.
  package var isClassification: Bool {
    switch form {
    case .scores, .probabilities, .binaryScore: true
    case .independentScores, .values: false
    }
  }

  /// The number of classes, if the prediction is a class.
  package var classCount: Int { form == .binaryScore ? 2 : width }

  /// Returns the raw values of an example.
  package func values(of example: Int) -> ArraySlice<Float> {
    values[example * width..<(example + 1) * width]
  }

  /// Returns the probabilities of an example: the softmax of class scores, or the sigmoid of
  /// independent scores.
  ///
  /// Values that are not scores remain unchanged.
  package func probabilities(_ example: Int) -> [Float] {
    let scores = values(of: example)
    switch form {
    case .probabilities, .values: return Array(scores)
    case .scores:
      let greatest = scores.max() ?? 0
      let exponentials = scores.map { exponential($0 - greatest) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    case .binaryScore:
      return scores.flatMap { [sigmoid(-$0), sigmoid($0)] }
    case .independentScores: return scores.map { sigmoid($0) }
    }
  }

  /// Returns the class with the greatest score, or the lowest such class at a tie. Nil when a
  /// probability is NaN.
  package func bestClass(_ example: Int) -> Int? {
    let scores = values(of: example)
    guard let first = scores.first, !scores.contains(where: \.isNaN) else { return nil }
    if form == .binaryScore { return first > 0 ? 1 : 0 }
    let best = scores.indices.reduce(scores.startIndex) { scores[$1] > scores[$0] ? $1 : $0 }
    // The softmax of an infinite score is NaN.
    return form == .scores && scores[best].isInfinite ? nil : best - scores.startIndex
  }
}
