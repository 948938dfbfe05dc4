internal import DataFiles
internal import DataSources
internal import Networks
internal import Training

extension Predictions {
  /// Returns the predictions in the unit that the target had before its standardization.
  ///
  /// Predictions are unchanged if no loss compares them with a standardized target.
  ///
  /// - Parameter statistics: The statistics of all targets of values. Nil when the targets were not
  ///   standardized.
  func inUnit(ofTargetsOf model: PreparedModel, _ statistics: Standardization?) -> Predictions {
    guard let statistics, form == .values,
      let target = model.testing.targetOfPrediction(model.training)
    else { return self }
    let tops = model.signature.tops
    guard tops[target].isStandardized, tops[target].width == width else { return self }
    let first = tops[..<target].reduce(0) { $0 + ($1.isStandardized ? $1.width : 0) }
    let unit = statistics.slice(from: first, count: width)
    return Predictions(values: unit.original(values), width: width, form: form)
  }
}
