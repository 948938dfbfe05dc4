internal import Expressions
internal import Glibc
package import Networks

/// The answers of a trained network.
package struct Predictions: Sendable {
  /// Row-major, `width` values an example.
  package let values: [Float]
  package let width: Int
  /// How the values are to be read.
  package let form: Graph.PredictionForm

  package var count: Int { width == 0 ? 0 : values.count / width }

  /// Whether the answer to an example is a class.
  package var isClassification: Bool {
    switch form {
    case .scores, .probabilities, .binaryScore: true
    case .independentScores, .values: false
    }
  }

  /// How many classes there are, where the answer is one.
  package var classCount: Int { form == .binaryScore ? 2 : width }

  /// The values of an example as they are.
  package func values(of example: Int) -> ArraySlice<Float> {
    values[example * width..<(example + 1) * width]
  }

  /// The probabilities that the values of an example stand for: of each class the softmax of the scores, of independent
  /// properties the sigmoid. Values that are no scores stay as they are.
  package func probabilities(_ example: Int) -> [Float] {
    let scores = values(of: example)
    switch form {
    case .probabilities, .values: return Array(scores)
    case .scores:
      let greatest = scores.max() ?? 0
      let exponentials = scores.map { expf($0 - greatest) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    case .binaryScore:
      return scores.flatMap { [Predictions.sigmoid(-$0), Predictions.sigmoid($0)] }
    case .independentScores: return scores.map(Predictions.sigmoid)
    }
  }

  private static func sigmoid(_ score: Float) -> Float { 1 / (1 + expf(-score)) }

  /// The class with the greatest score, of equal ones the lowest; nil if a probability is NaN.
  package func bestClass(_ example: Int) -> Int? {
    guard !probabilities(example).contains(where: \.isNaN) else { return nil }
    let values = Array(values(of: example))
    let scores = form == .binaryScore ? [0] + values : values
    return scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
  }
}
