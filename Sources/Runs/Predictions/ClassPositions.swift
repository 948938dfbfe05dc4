internal import DataSources
internal import Expressions
internal import Layers
internal import ModelFiles
internal import Networks
internal import Tensors
internal import Training

/// The layout of an example's values that are class scores for several positions.
///
/// The values have the shape outer × classes × inner. The scores of position (o, i) are the values
/// at [o, 0 … classes − 1, i].
struct ClassPositions: Sendable, Equatable {
  let outer: Int
  let classes: Int
  let inner: Int

  var count: Int { outer * inner }

  /// Returns the class with the greatest score at a position, or the lowest such class at a tie.
  ///
  /// - Parameter values: The values of one example.
  /// - Returns: Nil when a score is NaN.
  func bestClass(at position: Int, of values: ArraySlice<Float>) -> Int? {
    let first = values.startIndex + position / inner * classes * inner + position % inner
    let scores = (0..<classes).map { values[first + $0 * inner] }
    guard !scores.contains(where: \.isNaN) else { return nil }
    return scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
  }
}

extension PreparedModel {
  /// The positions of the predicted classes if labels have a class per position. Otherwise nil.
  var classPositions: ClassPositions? {
    guard signature.targets.contains(where: { $0.hasClasses && $0.shape != .scalar }),
      let prediction = testing.prediction
    else { return nil }
    let name = testing.blobs[prediction].name
    let reader = training.nodes.first { node in
      node.kind.scoring?.classScoring != nil
        && node.bottoms.first.map { training.blobs[$0].name } == name
    }
    let shape = testing.blobs[prediction].shape
    guard let scoring = reader?.kind.scoring?.classScoring, shape.rank >= 2,
      let axis = shape.axis(scoring.axis), axis >= 1
    else { return nil }
    return ClassPositions(
      outer: shape.count(in: 1..<axis), classes: shape[axis],
      inner: shape.count(in: axis + 1..<shape.rank))
  }
}
