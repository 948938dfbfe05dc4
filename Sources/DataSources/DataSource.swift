package import DataFiles
package import Fields
package import Tensors
package import YAML

/// A source of examples: one file here, and one line of ``DataSourceCatalog``.
package protocol DataSource: CatalogType {
  /// Returns the properties of the examples. Reads at most a file's header, unless the source is not
  /// ``isFitted``.
  func signature(_ context: DataContext) throws(DataFailure) -> DataSignature

  /// The shape of one example's classes in a single target, as an existing file states it, or as the
  /// declared shape of an input decides it. A scalar when neither does.
  func labelShape(_ context: DataContext, of example: Shape) -> Shape

  /// Reads all examples, before any split.
  func load(_ context: DataContext) throws(DataFailure) -> Dataset

  /// The files of the examples, as the model file names them.
  var files: [String] { get }

  /// The names of the targets that the model file states.
  var targetNames: [String] { get }

  /// The names of the tensors that the source provides.
  var topNames: TopNames { get }

  /// The columns that hold the `count` inputs of an example in a table for prediction.
  func tableColumns(_ count: Int, _ context: DataContext) throws(DataFailure) -> [ColumnEncoding]

  /// Whether all examples have one shape before the transforms. Image files may have other sizes.
  var hasOneShape: Bool { get }

  /// Whether headers alone show the shapes of all tensors.
  var isFitted: Bool { get }

  /// The source, with the encodings that `dataset` learned from the training rows.
  func encoded(like dataset: Dataset) -> any DataSource

  /// The source, with the settings that reading `dataset` determined.
  func learned(from dataset: Dataset) -> any DataSource

  /// Whether `other` loads the same examples in every phase. Then they are read only once.
  func isSameData(as other: any DataSource) -> Bool

  /// Reports mistakes that involve several fields.
  ///
  /// - Parameter node: the mapping of `declaration` and the source.
  func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics)
}

extension DataSource {
  package var targetNames: [String] { ["class"] }

  package var topNames: TopNames { TopNames() }

  package func labelShape(_ context: DataContext, of example: Shape) -> Shape { .scalar }

  /// Whether the source generates its examples instead of reading a file.
  package var isGenerated: Bool { self is any Generator }

  /// `x1`, `x2` …, in row-major order.
  package func tableColumns(
    _ count: Int, _ context: DataContext
  ) throws(DataFailure) -> [ColumnEncoding] {
    guard count <= TableHeader.columnLimit else {
      throw .content(
        "expected an example of at most \(TableHeader.columnLimit) inputs, as columns of a table, "
          + "received \(count)")
    }
    return (0..<count).map { ColumnEncoding(column: "x\($0 + 1)") }
  }

  package var hasOneShape: Bool { true }

  package var isFitted: Bool { true }

  package func encoded(like dataset: Dataset) -> any DataSource { self }

  package func learned(from dataset: Dataset) -> any DataSource { self }

  package func isSameData(as other: any DataSource) -> Bool { false }

  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {}
}
