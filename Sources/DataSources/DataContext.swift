package import DataFiles
internal import YAML

/// The values that a source uses in addition to its own fields.
package struct DataContext: Sendable {
  /// The folder of the model file, which relative paths start from.
  package let directory: String
  package let seed: Int
  package let phase: DataPhase
  /// The classes that the part states for all its targets.
  private let classes: ClassNames?
  /// The classes of training, by the name of the target. Labels of the test part must belong to
  /// them.
  private let known: [String: ClassNames]
  /// Whether the part itself states its classes.
  package var statesClasses: Bool { classes != nil }
  /// Labels that the network ignores. They do not name a class.
  package let ignoredLabels: Set<Int>
  /// The column whose equal texts stay in one part of the data, and the field that names it. Nil
  /// without groups.
  package let group: (column: String, field: String)?
  /// Whether the division into parts reads the classes.
  package let stratifies: Bool
  /// Returns whether each example is in the training part. Nil means all. Encodings learn from
  /// these examples alone.
  package let trainingRows: @Sendable (DividedRows) throws(DataFailure) -> [Bool]?
  /// The label of the first class, for labels that are class indices.
  package let labelOffset: Int
  /// The loop that parses tables.
  let loop: ParallelLoop
  /// The memory in bytes of an array in a file. Examples of a larger one are read on demand.
  let memory: Int

  package init(
    directory: String, seed: Int, phase: DataPhase, classes: ClassNames? = nil,
    known: [String: ClassNames] = [:], ignoring ignoredLabels: Set<Int> = [], labelOffset: Int = 0,
    memory: Int? = nil, loop: ParallelLoop = .serial,
    group: (column: String, field: String)? = nil, stratifies: Bool = false,
    trainingRows: @escaping @Sendable (DividedRows) throws(DataFailure) -> [Bool]? = { _ in nil }
  ) {
    self.group = group
    self.stratifies = stratifies
    self.trainingRows = trainingRows
    self.labelOffset = labelOffset
    self.loop = loop
    self.memory = memory ?? DataLimits.memory / 2
    self.ignoredLabels = ignoredLabels
    self.directory = directory
    self.seed = seed
    self.phase = phase
    self.classes = classes
    self.known = known
  }

  /// Returns the classes that the labels of a target must belong to. Nil when only reading the
  /// labels shows them.
  ///
  /// - Parameter stated: the classes that the source states for this target.
  func classes(of top: String, stated: ClassNames? = nil) -> ClassNames? {
    known[top] ?? stated ?? classes
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
