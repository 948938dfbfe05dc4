package import Fields
package import Tensors
package import YAML

/// What a part of the data is used for.
package enum DataPhase: String, Sendable, CaseIterable {
  case train
  case test
}

/// Why data could not be had. The message names the file, the row (its line in the file) and the
/// column, or the byte or element, and says what was expected and received.
package enum DataFailure: Error, Equatable, Sendable {
  /// The data are not what the model file says they are.
  case content(String)
  /// So too, by what a field of the model file says.
  case field(String, message: String, of: DataPhase)
  /// Cells of a table are wrong; of a part, or of a table for prediction.
  case cells(BadCells, of: DataPhase? = nil)
  /// The system refused: no such file, no permission, no memory. Names the part and its field that states the file,
  /// where they are known.
  case io(String, field: String? = nil, of: DataPhase? = nil)

  package var message: String {
    switch self {
    case .content(let message), .field(_, let message, _), .io(let message, _, _): message
    case .cells(let cells, _): cells.message
    }
  }
}

extension DataFailure {
  /// The same, where what is wrong with the data follows from a field of the model file.
  func blaming(_ field: String, of phase: DataPhase) -> DataFailure {
    switch self {
    case .content(let message): .field(field, message: message, of: phase)
    case .io(let message, nil, _): .io(message, field: field, of: phase)
    case .field, .cells, .io: self
    }
  }

  /// What `body` gives. Where the system refuses the file, the failure names the field that states it.
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

  /// What `body` gives; what the system refuses in it is of a part.
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

  /// What `body` gives; a failure of the data in it is blamed on a field.
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

/// What a source knows besides its own fields.
package struct DataContext: Sendable {
  /// The folder of the model file; relative paths begin there.
  package let directory: String
  package let seed: Int
  package let phase: DataPhase
  /// The classes that labels must belong to: those declared, or for the test part those of
  /// training.
  package let classes: ClassNames?
  /// Whether the part itself states its classes.
  package let statesClasses: Bool
  /// Labels that the network passes over, and that are of no class therefore.
  package let ignoredLabels: Set<Int>
  /// The label of the first class, where labels are numbers of classes.
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

  /// Why a label is no class: the fault of the field that says which are, or of the data.
  func labelFailure(_ message: String) -> DataFailure {
    guard statesClasses || labelOffset != 0 else { return .content(message) }
    return .field(statesClasses ? "classes" : "label_offset", message: message, of: phase)
  }

  /// Where `path` of a model file leads, as messages name it.
  package func resolve(_ path: String) -> String {
    if path.hasPrefix("/") || directory.isEmpty || directory == "." { return path }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }
}

/// What is known of a source's examples before they are read.
package struct DataSignature: Equatable, Sendable {
  /// The shape of one example.
  package let inputShape: Shape
  /// The shape of one example's target; nil if it is the number of a class.
  package let targetShape: Shape?
  /// The shape of one example's classes, where targets are classes; a scalar for one class.
  package let labelShape: Shape
  /// Nil if there are none, and where only the examples tell.
  package let classes: ClassNames?
  /// One name an input column: the table's, or `x1`, `x2` …; none where inputs have no names, as
  /// those of images.
  package let inputNames: [String]
  /// Nil if only reading tells.
  package let exampleCount: Int?

  /// Values or classes of one example.
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

/// Where examples come from: one file here, one line of ``DataSourceCatalog``.
package protocol DataSource: CatalogType {
  /// Reads a file's header at most.
  func signature(_ context: DataContext) throws(DataFailure) -> DataSignature

  /// The shape of one example's classes, as far as a file that is there tells; otherwise a scalar.
  func labelShape(_ context: DataContext) -> Shape

  /// All examples, before any split.
  func load(_ context: DataContext) throws(DataFailure) -> Dataset

  /// The files that hold the examples, as the model file names them.
  var files: [String] { get }

  /// What the targets are called, as far as the model file states it.
  var targetNames: [String] { get }

  /// True where the model file says that there are no targets.
  var hasNoTarget: Bool { get }

  /// The columns in which a table for prediction has the `count` inputs of an example.
  func tableColumns(_ count: Int, _ context: DataContext) throws(DataFailure) -> [String]

  /// The source with what reading `dataset` made known.
  func learned(from dataset: Dataset) -> any DataSource

  /// Whether `other` loads the same examples in whatever phase, so that one reading serves both.
  func isSameData(as other: any DataSource) -> Bool

  /// Reports the mistakes that no single field shows.
  ///
  /// - Parameter node: the mapping that `declaration` and the source were read from.
  func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics)
}

extension DataSource {
  package var targetNames: [String] { ["class"] }

  package var hasNoTarget: Bool { false }

  package func labelShape(_ context: DataContext) -> Shape { .scalar }

  /// Whether the examples are drawn, and not read from a file.
  package var isGenerated: Bool { self is any Generator }

  /// `x1`, `x2` …, in row-major order.
  package func tableColumns(
    _ count: Int, _ context: DataContext
  ) throws(DataFailure) -> [String] {
    // No header has room for more.
    guard count <= CSVHeader.sizeLimit / 2 else {
      throw .content(
        "expected an example of at most \(CSVHeader.sizeLimit / 2) inputs, which are columns of a "
          + "table, received \(count)")
    }
    return (0..<count).map { "x\($0 + 1)" }
  }

  package func learned(from dataset: Dataset) -> any DataSource { self }

  package func isSameData(as other: any DataSource) -> Bool { false }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {}
}
