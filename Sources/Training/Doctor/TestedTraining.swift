package import DataSources
internal import YAML

/// Test examples that the training part has too, so that the test does not tell what is learned of new data.
///
/// Where both parts take rows of one file that overlap, any shared example counts. Otherwise some examples may recur in
/// the data by their nature, as those of a truth table do. The rule then compares the share of test examples that the
/// training part has with the share of training examples that recur in it, and warns beyond a margin.
package enum TestedTraining {
  /// What the shares may differ by where the parts are of different files, or drawn.
  private static let margin = 0.01
  /// The same for points that a generator draws, whose figures may have a point in common: the centre of a spiral.
  private static let marginOfGenerators = 0.5
  /// The same for rows of one file that do not overlap: a table may hold a few examples twice.
  private static let marginWithinFile = 0.1

  /// - Parameters:
  ///   - parts: the declarations: those of the training are the ones that the run was trained with.
  ///   - train: the examples that the run was trained with, scaled as those of `test`.
  /// - Returns: nil if the parts share no more than they may.
  package static func warning(
    _ parts: DataParts, train: Dataset, test: Dataset
  ) -> Warning? {
    guard let declaration = parts.test,
      let finding = SharedExamples.find(in: test, trainedWith: train), finding.count > 0
    else { return nil }
    let isSameFile = declaration.source.isSameData(as: parts.train.source)
    let overlaps =
      isSameFile
      && (!declaration.split.isDisjoint(from: parts.train.split)
        || declaration.splitSeed != parts.train.splitSeed)
    let share = Double(finding.count) / Double(finding.testCount)
    let isDrawn = declaration.source.isGenerated || parts.train.source.isGenerated
    let allowed =
      finding.recurringShare
      + (isDrawn ? marginOfGenerators : isSameFile ? marginWithinFile : margin)
    guard overlaps || share > allowed else { return nil }
    let count =
      finding.count == finding.testCount
      ? (finding.count == 1 ? "the one example is" : "all \(finding.count) examples are")
      : "\(finding.count) of \(finding.testCount) examples \(finding.count == 1 ? "is" : "are")"
    return Warning(
      .testedTraining,
      "test data: \(count) in the training part too, so that tests do not tell what is learned of "
        + "new data; "
        + (overlaps
          ? "give both parts rows or fractions that do not overlap"
          : "test with other examples"),
      at: parts.mark(of: overlaps ? declaration.split.field : "source", in: .test))
  }
}
