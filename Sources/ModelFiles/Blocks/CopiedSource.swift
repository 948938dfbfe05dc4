internal import YAML

/// A copy of a part of the file: of a block at a call, or of a repeated layer.
///
/// The marks of its nodes point into the file, and their notes say where the copy was made.
final class CopiedSource {
  private let notes: [Diagnostic.Note]
  /// The copies of the source texts of its nodes: the file, and the values of `--set`.
  private var sources: [(original: SourceText, copy: SourceText)] = []

  /// - Parameter notes: the reasons for the copy. The place of the last note is the place of the
  ///   copy.
  init(_ notes: [Diagnostic.Note]) { self.notes = notes }

  /// Returns the mark of a copied node.
  func mark(_ mark: Mark) -> Mark {
    guard !mark.isNone else { return mark }
    if let known = sources.first(where: { $0.original === mark.source }) {
      return Mark(source: known.copy, line: mark.line, column: mark.column)
    }
    let copy = SourceText(copying: mark.source, notes: notes)
    sources.append((mark.source, copy))
    return Mark(source: copy, line: mark.line, column: mark.column)
  }
}
