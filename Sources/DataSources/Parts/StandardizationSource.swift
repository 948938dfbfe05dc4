/// The source of the statistics that standardize inputs and targets.
package enum StandardizationSource: Sendable {
  /// The training part, when the model file asks for standardization.
  case training
  /// A finished run.
  case known(DataStatistics)
}
