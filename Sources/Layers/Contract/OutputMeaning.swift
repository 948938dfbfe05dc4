/// What the values of a blob mean to a person who reads a prediction.
package enum OutputMeaning: Sendable {
  /// Scores of classes that exclude each other, one for each class: their softmax gives probabilities.
  case scores
  /// Probabilities of classes that exclude each other, one for each class.
  case probabilities
  /// Scores of properties that do not exclude each other: their sigmoids are probabilities.
  case independentScores
  /// Numbers that stand for themselves.
  case values
}
