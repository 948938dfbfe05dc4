/// A place in a document: where a node begins, or where the reader stopped.
///
/// Every node carries one, a million of them at most, so that it is kept small.
package struct Mark: Sendable {
  package let source: SourceText
  private let lineNumber: UInt32
  private let columnNumber: UInt32

  /// Counted from 1.
  package var line: Int { Int(lineNumber) }

  /// Counted from 1, in Unicode scalars, as libyaml counts.
  package var column: Int { Int(columnNumber) }

  package init(source: SourceText, line: Int, column: Int) {
    self.source = source
    lineNumber = UInt32(clamping: line)
    columnNumber = UInt32(clamping: column)
  }

  /// The place of what no file states.
  package static let none = Mark(source: .generated, line: 0, column: 0)

  package var isNone: Bool { lineNumber == 0 }

  /// `file:line:column`, the prefix of a message.
  package var description: String {
    (isNone ? source.name : "\(source.name):\(line):\(column)").escapingControls
  }

  /// How the place came to be in the document, where its text was copied: from the innermost copy
  /// outward, as each copy's last note stands in the one around it.
  var copyNotes: [Diagnostic.Note] {
    var notes: [Diagnostic.Note] = []
    var outer = source
    while let last = outer.notes.last {
      notes += outer.notes
      outer = last.mark.source
    }
    return notes
  }
}
