package import Fields
package import Tensors
package import YAML

/// The use of a part of the data.
package enum DataPhase: String, Sendable, CaseIterable {
  case train
  case test
}

/// The reason why data could not be loaded.
///
/// The message names the file, and the place: row (its line in the file) and column, byte, or
/// element. It says what was expected and received.
package enum DataFailure: Error, Equatable, Sendable {
  /// The data contradict the model file.
  case content(String)
  /// The data contradict a field of the model file.
  case field(String, message: String, of: DataPhase)
  /// Cells of a table are wrong, in a part of the data or in a table for prediction.
  case cells(BadCells, of: DataPhase? = nil)
  /// The system refused: a missing file, missing permission, or no memory.
  ///
  /// Names the part and its field that states the file, when they are known.
  case io(String, field: String? = nil, of: DataPhase? = nil)

  package var message: String {
    switch self {
    case .content(let message), .field(_, let message, _), .io(let message, _, _): message
    case .cells(let cells, _): cells.message
    }
  }
}

extension DataFailure {
  /// Returns the failure with the field of the model file that causes it.
  func blaming(_ field: String, of phase: DataPhase) -> DataFailure {
    switch self {
    case .content(let message): .field(field, message: message, of: phase)
    case .io(let message, nil, _): .io(message, field: field, of: phase)
    case .field, .cells, .io: self
    }
  }

  /// Returns the result of `body`. When the system refuses a file, the failure names the field that
  /// states it.
  static func reading<Value>(
    _ field: String, of phase: DataPhase, _ body: () throws(DataFailure) -> Value
  ) throws(DataFailure) -> Value {
    do throws(DataFailure) {
      return try body()
    } catch {
      guard case .io = error else { throw error }
      throw error.blaming(field, of: phase)
    }
  }

  /// Returns the result of `body`. When the system refuses a file, the failure names the part.
  static func reading<Value>(
    _ phase: DataPhase, _ body: () throws(DataFailure) -> Value
  ) throws(DataFailure) -> Value {
    do throws(DataFailure) {
      return try body()
    } catch {
      guard case .io(let message, let field, nil) = error else { throw error }
      throw .io(message, field: field, of: phase)
    }
  }

  /// Returns the result of `body`. A failure names `field`.
  static func blaming<Value>(
    _ field: String, of phase: DataPhase, _ body: () throws(DataFailure) -> Value
  ) throws(DataFailure) -> Value {
    do throws(DataFailure) {
      return try body()
    } catch {
      throw error.blaming(field, of: phase)
    }
  }
}

/// The values that a source uses beside its own fields.
package struct DataContext: Sendable {
  /// The folder of the model file, which relative paths start from.
  package let directory: String
  package let seed: Int
  package let phase: DataPhase
  /// The classes that labels must belong to: the declared ones, or for the test part those of
  /// training.
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

/// The properties of a source's examples that are known before reading them.
package struct DataSignature: Equatable, Sendable {
  /// The shape of one example.
  package let inputShape: Shape
  /// The shape of one example's target. Nil when the target is a class.
  package let targetShape: Shape?
  /// The shape of one example's classes. A scalar when an example has one class.
  package let labelShape: Shape
  /// The classes. Nil when there are none, or only the examples show them.
  package let classes: ClassNames?
  /// One name for each input column: the table's, or `x1`, `x2` … Empty when inputs have no names,
  /// as in images.
  package let inputNames: [String]
  /// The number of examples. Nil when only reading shows it.
  package let exampleCount: Int?

  /// The number of values or classes of one example.
  package var targetWidth: Int { targetShape?.count ?? labelShape.count }

  package init(
    inputShape: Shape, targetShape: Shape?, labelShape: Shape = .scalar, classes: ClassNames?,
    inputNames: [String], exampleCount: Int?
  ) {
    self.labelShape = labelShape
    self.inputShape = inputShape
    self.targetShape = targetShape
    self.classes = classes
    self.inputNames = inputNames
    self.exampleCount = exampleCount
  }
}

/// A source of examples: one file here, and one line of ``DataSourceCatalog``.
package protocol DataSource: CatalogType {
  /// Returns the properties of the examples. Reads at most a file's header.
  func signature(_ context: DataContext) throws(DataFailure) -> DataSignature

  /// The shape of one example's classes, from an existing file. A scalar otherwise.
  func labelShape(_ context: DataContext) -> Shape

  /// Reads all examples, before any split.
  func load(_ context: DataContext) throws(DataFailure) -> Dataset

  /// The files of the examples, as the model file names them.
  var files: [String] { get }

  /// The names of the targets, as far as the model file states them.
  var targetNames: [String] { get }

  /// True when the model file declares no targets.
  var hasNoTarget: Bool { get }

  /// The columns that hold the `count` inputs of an example in a table for prediction.
  func tableColumns(_ count: Int, _ context: DataContext) throws(DataFailure) -> [String]

  /// The source, with the settings that reading `dataset` determined.
  func learned(from dataset: Dataset) -> any DataSource

  /// Whether `other` loads the same examples in every phase, so that one reading serves both.
  func isSameData(as other: any DataSource) -> Bool

  /// Reports mistakes that involve several fields.
  ///
  /// - Parameter node: the mapping of `declaration` and the source.
  func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics)
}

extension DataSource {
  package var targetNames: [String] { ["class"] }

  package var hasNoTarget: Bool { false }

  package func labelShape(_ context: DataContext) -> Shape { .scalar }

  /// Whether the source generates its examples instead of reading a file.
  package var isGenerated: Bool { self is any Generator }

  /// `x1`, `x2` …, in row-major order.
  package func tableColumns(
    _ count: Int, _ context: DataContext
  ) throws(DataFailure) -> [String] {
    // A header cannot hold more names.
    guard count <= CSVHeader.sizeLimit / 2 else {
      throw .content(
        "expected an example of at most \(CSVHeader.sizeLimit / 2) inputs, as columns of a table, "
          + "received \(count)")
    }
    return (0..<count).map { "x\($0 + 1)" }
  }

  package func learned(from dataset: Dataset) -> any DataSource { self }

  package func isSameData(as other: any DataSource) -> Bool { false }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {}
}
