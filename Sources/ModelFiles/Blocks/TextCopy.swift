internal import YAML

/// A copy of what stands in the file: of a block at a call, or of a repeated layer. The marks of its
/// nodes are of the file, and say where the copy was made.
final class TextCopy {
  private let notes: [Diagnostic.Note]
  /// The copies of the texts that nodes come from: the file, and the values of `--set`.
  private var sources: [(original: SourceText, copy: SourceText)] = []

  /// - Parameter notes: why the copy is made; the last one's place is where.
  init(_ notes: [Diagnostic.Note]) { self.notes = notes }

  /// The mark of a copied node.
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
