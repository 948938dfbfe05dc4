internal import YAML

/// One thing that is not as it was recorded.
package struct Difference: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// What was trained is something else.
    case model
    case data
    /// What came of it is.
    case history
    case score
    case weights
    /// The file's own `expect:` is not met.
    case expectation
    case divergence
  }

  package let kind: Kind
  /// For people.
  package let message: String
  package let recorded: String?
  package let now: String?
  /// Of a row of the history.
  package let iteration: Int?
  package let column: String?

  /// For a terminal. An expectation is told as mistakes of a file are, in several lines.
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
