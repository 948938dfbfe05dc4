/// What is counted of a class, or of all together; NaN where a label was no class, and so is every ratio.
package struct ClassCount: Sendable {
  /// Predicted, and right.
  package var matches = 0.0
  package var predicted = 0.0
  /// Positions of the class.
  package var actual = 0.0

  /// 0 where nothing is predicted.
  package var precision: Double { predicted == 0 ? 0 : matches / predicted }
  /// 0 where there is nothing to find.
  package var recall: Double { actual == 0 ? 0 : matches / actual }
  /// 2·precision·recall / (precision + recall), 0 where both are.
  package var f1: Double {
    predicted + actual == 0 ? 0 : 2 * matches / (predicted + actual)
  }
}
