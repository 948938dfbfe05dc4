internal import DataFiles
internal import DataSources
internal import ModelFiles

/// Collects the warnings about data that remain usable.
enum DataWarnings {
  /// Returns the warnings about the data.
  ///
  /// - Parameter ignored: labels that all layers ignore.
  static func warnings(
    _ model: PreparedModel, train: Dataset, test: Dataset?, ignored: Set<Int>
  ) -> [Warning] {
    let absent = AbsentClasses.warning(model, train: train, test: test, ignored: ignored)
    return (absent.map { [$0] } ?? []) + SurplusScores.warnings(model, train.signature)
      + remarks(of: train, .train, model) + (test.map { remarks(of: $0, .test, model) } ?? [])
  }

  private static func remarks(
    of dataset: Dataset, _ phase: DataPhase, _ model: PreparedModel
  ) -> [Warning] {
    dataset.remarks.map { remark in
      let kind: Warning.Kind =
        switch remark.kind {
        case .equalValues: .equalValues
        case .similarLabels: .similarLabels
        case .constantTarget: .constantTarget
        }
      return Warning(
        kind, "\(phase.rawValue) data: \(remark.message)",
        at: model.file.data.mark(ofFirst: remark.fields, in: phase))
    }
  }
}
