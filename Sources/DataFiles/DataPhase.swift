internal import YAML

/// The use of a part of the data.
package enum DataPhase: String, Sendable, CaseIterable {
  case train
  case test
}
