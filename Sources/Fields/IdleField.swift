internal import YAML

/// A field that has no effect because of the values of other fields. A file must not state it.
package struct IdleField: Sendable {
  package let name: String
  /// The reason, which follows "expected none, since" in the message.
  package let reason: String

  package init(_ name: String, since reason: String) {
    self.name = name
    self.reason = reason
  }

  package var message: String { "\(name): expected none, since \(reason)" }
}
