package import DataFiles
internal import YAML

/// The values that a source uses in addition to its own fields.
package struct DataContext: Sendable {
  /// The folder of the model file, which relative paths start from.
  package let directory: String
  package let seed: Int
  package let phase: DataPhase
  /// The classes that labels must belong to: the declared classes, or for the test part the classes
  /// of training.
  package let classes: ClassNames?
  /// Whether the part itself states its classes.
  package let statesClasses: Bool
  /// Labels that the network ignores. They do not name a class.
  package let ignoredLabels: Set<Int>
  /// The label of the first class, for labels that are class indices.
  package let labelOffset: Int

  package init(
    directory: String, seed: Int, phase: DataPhase, classes: ClassNames? = nil,
    statesClasses: Bool = false, ignoring ignoredLabels: Set<Int> = [], labelOffset: Int = 0
  ) {
    self.labelOffset = labelOffset
    self.statesClasses = statesClasses
    self.ignoredLabels = ignoredLabels
    self.directory = directory
    self.seed = seed
    self.phase = phase
    self.classes = classes
  }

  /// Returns the failure for a label that does not name a class. It names the field that defines
  /// the classes, if any.
  func labelFailure(_ message: String) -> DataFailure {
    guard statesClasses || labelOffset != 0 else { return .content(message) }
    return .field(statesClasses ? "classes" : "label_offset", message: message, of: phase)
  }

  /// Returns the place of a model file's `path`, as messages name it.
  package func resolve(_ path: String) -> String {
    if path.hasPrefix("/") || directory.isEmpty || directory == "." { return path }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }
}
