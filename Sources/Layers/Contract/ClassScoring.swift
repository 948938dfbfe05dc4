package import Tensors

/// A loss or metric that compares scores of classes along an axis with the number of a class.
package protocol ClassScoring: Scoring {
  /// The axis of the classes; negative counts from the end.
  var axis: Int { get }

  /// The label of positions that do not count.
  var ignoredLabel: Int? { get }

  /// How many classes there are; nil if the scores have no such axis.
  func classCount(_ scores: Shape) -> Int?
}

extension ClassScoring {
  package var classScoring: (any ClassScoring)? { self }
  package var predictionMeaning: OutputMeaning { .scores }
  package var ignoredLabel: Int? { nil }
  package func classCount(_ scores: Shape) -> Int? { scores.axis(axis).map { scores[$0] } }

  /// Whether all labels of so many classes have a score, or do not count.
  package func covers(classes: Int, scores: Int) -> Bool {
    classes <= scores || (classes == scores + 1 && ignoredLabel == scores)
  }
}
