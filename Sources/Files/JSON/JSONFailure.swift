internal import YAML

/// The reason why a text is not JSON.
package struct JSONFailure: Error, Equatable {
  /// The expectation, or the part that is not allowed.
  package let reason: String
  /// The byte offset at which reading stopped, from 0.
  package let offset: Int
}
