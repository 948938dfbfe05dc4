/// The statistics of a training that tests and predictions use.
package struct DataStatistics: Equatable, Sendable {
  /// Nil when the inputs are not standardized.
  package let inputs: Standardization?
  /// The statistics of all targets of values. Nil when the targets are not standardized.
  package let targets: Standardization?

  package init(inputs: Standardization? = nil, targets: Standardization? = nil) {
    self.inputs = inputs
    self.targets = targets
  }

  package var isEmpty: Bool { inputs == nil && targets == nil }
}
