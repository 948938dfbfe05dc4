package import Tensors

/// A loss or metric that compares scores of classes along an axis with the number of a class.
///
/// The first bottom holds scores [N, C, …], and the second holds labels [N, …]. A label is the
/// number of a class, from 0 to C − 1. Some layers also read target probabilities [N, C, …].
package protocol ClassScoring: Scoring {
  /// The axis of the classes; a negative number counts from the end.
  var axis: Int { get }

  /// The label of the positions that the layer ignores. Nil if it ignores none.
  var ignoredLabel: Int? { get }

  /// True if the second bottom may also hold a probability for each class, with the shape of the
  /// scores.
  var acceptsProbabilities: Bool { get }

  /// Returns the number of classes. Nil if the scores have no such axis.
  func classCount(_ scores: Shape) -> Int?
}

extension ClassScoring {
  package var classScoring: (any ClassScoring)? { self }
  package var predictionMeaning: OutputMeaning { .scores }
  package var ignoredLabel: Int? { nil }
  package var acceptsProbabilities: Bool { false }

  /// Returns true if the second bottom holds a probability for each class.
  ///
  /// A single class is a label, because its probability would always be 1.
  package func readsProbabilities(_ inputs: [Shape]) -> Bool {
    acceptsProbabilities && inputs.count == 2 && inputs[1] == inputs[0]
      && classCount(inputs[0]) ?? 0 > 1
  }
  /// The extent of the axis of the classes.
  package func classCount(_ scores: Shape) -> Int? { scores.axis(axis).map { scores[$0] } }

  /// True if every label from 0 to `classes` − 1 has a score or is ignored.
  ///
  /// The ignored label may be the last class, so that it needs no score.
  package func covers(classes: Int, scores: Int) -> Bool {
    classes <= scores || (classes == scores + 1 && ignoredLabel == scores)
  }
}
