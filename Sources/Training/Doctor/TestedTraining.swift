internal import DataFiles
package import DataSources

/// Warns of test examples that the training part also contains.
///
/// With such examples, a test does not measure generalization. If both parts take overlapping rows
/// of one file, the check warns of any shared example. Otherwise examples may recur naturally, as
/// in a truth table. Then the check compares two shares: test examples that the training part
/// contains, and training examples that occur more than once. It warns if the first share is
/// greater by more than a margin.
package enum TestedTraining {
  /// The allowed difference of the shares for parts from different files.
  private static let margin = 0.01
  /// The allowed difference for generated points, because they may coincide, as at the centre of a
  /// spiral.
  private static let marginOfGenerators = 0.5
  /// The allowed difference for disjoint rows of one file, because a table may contain a few
  /// examples twice.
  private static let marginWithinFile = 0.1

  /// Returns the warning.
  ///
  /// - Parameters:
  ///   - parts: the declarations. The training part is the one with which the run was trained.
  ///   - train: the examples with which the run was trained, scaled like those of `test`.
  /// - Returns: nil when the parts share no more than the allowed examples.
  package static func warning(
    _ parts: DataParts, train: Dataset, test: Dataset
  ) -> Warning? {
    guard let declaration = parts.test,
      // A file that cannot be read ends the training with its own message.
      let finding = try? SharedExamples.find(in: test, trainedWith: train), finding.count > 0
    else { return nil }
    let isSameFile = declaration.source.isSameData(as: parts.train.source)
    let overlaps =
      isSameFile && !declaration.split.isDisjoint(from: parts.train.split)
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
      "test data: \(count) also in the training part, so that tests do not measure generalization; "
        + (overlaps
          ? "give both parts rows that do not overlap, or state one split"
          : "test with other examples"),
      at: parts.mark(of: overlaps ? declaration.split.field : "source", in: .test))
  }
}
