/// The meaning of a blob's values for the reader of a prediction.
package enum OutputMeaning: Sendable {
  /// Scores of mutually exclusive classes, one for each class. Their softmax gives probabilities.
  case scores
  /// Probabilities of mutually exclusive classes, one for each class.
  case probabilities
  /// Scores of independent properties. Their sigmoids are probabilities.
  case independentScores
  /// Numbers without further interpretation.
  case values
}
