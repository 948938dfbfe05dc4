internal import Files
internal import YAML

/// The kinds of weights that a finished run stores.
package enum SavedWeights: String, Sendable, CaseIterable {
  /// The weights of the best test.
  case best
  /// The weights at the end of the training.
  case last

  /// The name of the weights file in the run's folder.
  var fileName: String { self == .best ? RunDirectory.bestWeights : RunDirectory.lastWeights }

  /// Returns the kind that the user asked for, or else the best weights if the run has them.
  ///
  /// - Throws: ``RunFailure/refusedInput(_:)`` with the reason why the run does not have them.
  static func chosen(
    _ stated: SavedWeights?, in directory: RunDirectory
  ) throws(RunFailure) -> SavedWeights {
    let hasBest = InputFile.exists(directory.file(RunDirectory.bestWeights))
    let weights = stated ?? (hasBest ? .best : .last)
    guard !InputFile.exists(directory.file(weights.fileName)) else { return weights }
    let path = directory.file(weights.fileName)
    switch weights {
    case .best:
      throw .refusedInput(
        "\(path.quotable) is missing: no test of the run was kept as the best; --weights last "
          + "takes the weights at its end")
    case .last:
      guard let reason = RunRecord(of: directory)?.divergence else { return weights }
      throw .refusedInput(
        "\(path.quotable) is missing, since the run diverged: \(reason.quotable)"
          + (hasBest ? "; --weights best takes those of its best test" : ""))
    }
  }
}
