internal import YAML

/// The aspect of a training that a field controls.
package enum FieldRole: Sendable {
  /// The field changes the numbers that training computes.
  case number
  /// The field sets how long training lasts or when it tests. A continued training may change it.
  case length
  /// The field locates a file. Another path to the same content does not change any number.
  case path
  /// The field controls output, kept files or checks. It does not change any number.
  case presentation
}
