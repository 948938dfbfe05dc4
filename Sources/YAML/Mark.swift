/// A position in a document: where a node begins, or where the reader stopped.
///
/// Every node has a mark, and a document may have a million nodes. The struct is therefore small.
package struct Mark: Sendable {
  package let source: SourceText
  private let lineNumber: UInt32
  private let columnNumber: UInt32

  /// The line number, counted from 1.
  package var line: Int { Int(lineNumber) }

  /// The column, counted from 1 in Unicode scalars, as libyaml counts.
  package var column: Int { Int(columnNumber) }

  package init(source: SourceText, line: Int, column: Int) {
    self.source = source
    lineNumber = UInt32(clamping: line)
    columnNumber = UInt32(clamping: column)
  }

  /// The position of values that are not in any file.
  package static let none = Mark(source: .generated, line: 0, column: 0)

  package var isNone: Bool { lineNumber == 0 }

  /// `file:line:column`, the prefix of a message.
  package var description: String {
    (isNone ? source.name : "\(source.name):\(line):\(column)").escapingControls
  }

  /// The notes of all nested copies that contain the position, the innermost copy first. The last
  /// note of a copy has its mark in the copy around it.
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
