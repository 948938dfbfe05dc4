/// The text of one document, kept so that a message can show the line it speaks of.
package final class SourceText: Sendable {
  /// The name that messages begin with: the path as the user gave it, or `--set`.
  package let name: String
  /// The whole text, decoded to UTF-8 (invalid sequences replaced).
  package let text: String

  package init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  /// What values carry that no file states: defaults, and documents built in memory.
  package static let generated = SourceText(name: "(default)", text: "")

  /// Line `number`, counted from 1, without its line break; nil beyond the end.
  package func line(_ number: Int) -> Substring? {
    guard number >= 1 else { return nil }
    var current = 1
    var rest = text.unicodeScalars[...]
    while current < number {
      guard let end = rest.firstIndex(where: SourceText.isBreak) else { return nil }
      var next = rest.index(after: end)
      if rest[end] == "\r", next < rest.endIndex, rest[next] == "\n" {
        next = rest.index(after: next)
      }
      rest = rest[next...]
      current += 1
    }
    return Substring(rest.prefix { !SourceText.isBreak($0) })
  }

  /// YAML's line breaks, as libyaml counts them.
  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
  }
}

/// A place in a document: where a node begins, or where the reader stopped.
package struct Mark: Sendable {
  package let source: SourceText
  /// Counted from 1.
  package let line: Int
  /// Counted from 1, in Unicode scalars, as libyaml counts.
  package let column: Int

  package init(source: SourceText, line: Int, column: Int) {
    self.source = source
    self.line = line
    self.column = column
  }

  /// The place of what no file states.
  package static let none = Mark(source: .generated, line: 0, column: 0)

  package var isNone: Bool { line == 0 }

  /// `file:line:column`, the prefix of a message.
  package var description: String {
    isNone ? source.name : "\(source.name):\(line):\(column)".escapingControls
  }
}
