internal import YAML

/// A difference between a training and its record.
package struct Difference: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// The training has other inputs: another model, or other data.
    case model
    case data
    /// The training has other results.
    case history
    case score
    case weights
    /// The training does not meet the file's own `expect:`.
    case expectation
    case divergence
  }

  package let kind: Kind
  /// The difference as text.
  package let message: String
  package let recorded: String?
  package let now: String?
  /// The row of the history.
  package let iteration: Int?
  package let column: String?

  /// The difference for a terminal. An expectation has several lines, like mistakes of a file.
  var line: String { kind == .expectation ? message : message.escapingControls }

  init(
    _ kind: Kind, _ message: String, _ recorded: String? = nil, _ now: String? = nil,
    iteration: Int? = nil, column: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.recorded = recorded
    self.now = now
    self.iteration = iteration
    self.column = column
  }
}
