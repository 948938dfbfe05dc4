/// One mistake of the user's, at its place in a file.
///
/// Rendered as
///
///     models/spiral.yaml:17:3: error: unknown field 'momentun' of the solver; did you mean 'momentum'?
///        17 |   momentun: 0.9
///           |   ^
///
/// Control characters of the input are escaped, quoted input is cut at 500 characters.
package struct Diagnostic: Error, Sendable {
  package enum Severity: String, Sendable {
    case error
    case warning
  }

  /// A second place that the message speaks of.
  package struct Note: Sendable {
    package let mark: Mark
    package let message: String

    package init(_ message: String, at mark: Mark) {
      self.mark = mark
      self.message = message
    }
  }

  package let severity: Severity
  package let message: String
  package let mark: Mark
  package let notes: [Note]

  /// - Parameters:
  ///   - message: what is wrong, what was expected, what was received; input quoted with ``Swift/String/quotable``.
  ///   - suggestion: the name that was probably meant.
  package init(
    _ message: String, at mark: Mark, suggestion: String? = nil, notes: [Note] = [],
    severity: Severity = .error
  ) {
    self.severity = severity
    self.message = suggestion.map { "\(message); did you mean '\($0.quotable)'?" } ?? message
    self.mark = mark
    self.notes = notes
  }

  /// The message with its place, its source line and a caret; a line each, without a final break.
  package var rendered: String {
    var lines = ["\(mark.description): \(severity.rawValue): \(message.escapingControls)"]
    lines += Diagnostic.excerpt(at: mark)
    for note in notes {
      lines.append("\(note.mark.description): note: \(note.message.escapingControls)")
      lines += Diagnostic.excerpt(at: note.mark)
    }
    return lines.joined(separator: "\n")
  }

  /// The source line, cut to a window around the caret, and the caret below it.
  private static func excerpt(at mark: Mark) -> [String] {
    guard let line = mark.source.line(mark.line) else { return [] }
    let scalars = Array(line.unicodeScalars)
    let caret = min(mark.column - 1, scalars.count)
    let start = max(0, caret - 60)
    let end = min(scalars.count, caret + 60)
    let before = Diagnostic.shown(scalars[start..<caret])
    let after = Diagnostic.shown(scalars[caret..<end])
    let number = String(mark.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    let opening = start > 0 ? "…" : ""
    let closing = end < scalars.count ? "…" : ""
    let blank = String(repeating: " ", count: opening.count + before.count)
    return [
      "\(margin)\(number) | \(opening)\(before)\(after)\(closing)",
      "\(String(repeating: " ", count: max(5, number.count))) | \(blank)^",
    ]
  }

  private static func shown(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text).escapingControls
  }
}

/// Everything that is wrong with the input so far. Reading goes on after a mistake, so that one run reports all.
package struct Diagnostics: Error, Sendable {
  package private(set) var all: [Diagnostic] = []

  package init() {}

  package init(_ diagnostic: Diagnostic) { all = [diagnostic] }

  package mutating func report(_ diagnostic: Diagnostic) { all.append(diagnostic) }

  package mutating func error(
    _ message: String, at mark: Mark, suggestion: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    report(Diagnostic(message, at: mark, suggestion: suggestion, notes: notes))
  }

  package mutating func merge(_ other: Diagnostics) { all += other.all }

  package var hasErrors: Bool { all.contains { $0.severity == .error } }

  /// In the order of their places; those of one place in the order in which they were found.
  package var sorted: [Diagnostic] {
    all.enumerated().sorted { left, right in
      let (a, b) = (left.element.mark, right.element.mark)
      return (a.source.name, a.line, a.column, left.offset)
        < (b.source.name, b.line, b.column, right.offset)
    }.map(\.element)
  }

  package var rendered: String { sorted.map(\.rendered).joined(separator: "\n") }
}

extension String {
  /// The text as a message may show it: control characters escaped, cut at 500 characters.
  package var quotable: String {
    let cut = unicodeScalars.prefix(500)
    let shown = String(cut).escapingControls
    return cut.endIndex < unicodeScalars.endIndex ? shown + "…" : shown
  }

  /// The text with control characters, line breaks and direction marks as `\n`, `\t` or `\u{1B}`.
  package var escapingControls: String {
    guard unicodeScalars.contains(where: \.isUnprintable) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.isUnprintable:
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// Control, format (direction marks among them), and line or paragraph separators.
  fileprivate var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
  }
}
