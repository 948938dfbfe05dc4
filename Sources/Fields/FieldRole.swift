internal import YAML

/// The aspect of a training that a field controls.
package enum FieldRole: Sendable {
  /// The numbers of a training.
  case number
  /// The length of a training and the times of its tests. A continued training may change it.
  case length
  /// The location of files. Other paths to the same content do not change any number.
  case path
  /// The output, the kept files and the checks. They do not change any number.
  case presentation
}
