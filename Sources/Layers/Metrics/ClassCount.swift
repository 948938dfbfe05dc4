/// The counts of one class, or of all classes together.
///
/// The counts and every ratio are NaN if a label does not name a class.
package struct ClassCount: Sendable {
  /// Positions of the class that are predicted as this class.
  package var matches = 0.0
  /// Positions that are predicted as this class.
  package var predicted = 0.0
  /// Positions with this class as the label.
  package var actual = 0.0

  /// matches / predicted, or 0 if nothing is predicted.
  package var precision: Double { predicted == 0 ? 0 : matches / predicted }
  /// matches / actual, or 0 if the class has no position.
  package var recall: Double { actual == 0 ? 0 : matches / actual }
  /// 2·precision·recall / (precision + recall), or 0 if both are 0.
  package var f1: Double {
    predicted + actual == 0 ? 0 : 2 * matches / (predicted + actual)
  }
  /// matches / (predicted + actual − matches), or 0 if both are 0.
  package var intersectionOverUnion: Double {
    predicted + actual == 0 ? 0 : matches / (predicted + actual - matches)
  }
}
