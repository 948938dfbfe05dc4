/// The source of the statistics that standardize the inputs.
package enum StandardizationSource: Sendable {
  /// The training part, when the model file asks for standardization.
  case training
  /// A finished run. Nil when the run used no standardization.
  case known(Standardization?)
}
