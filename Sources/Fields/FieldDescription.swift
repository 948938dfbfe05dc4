package import YAML

/// A field without its type, for help pages and messages.
package struct FieldDescription: Sendable {
  package let name: String
  package let role: FieldRole
  package let summary: String
  /// For example "an integer of at least 1".
  package let expectation: String
  package let isRequired: Bool
  /// Whether the value is one of several names, in capitals or small letters.
  package let isChoice: Bool
  /// The default as a model file would state it. Nil if there is none.
  package let defaultValue: Node?
}
