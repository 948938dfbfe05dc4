/// One mistake of the user, with its position in a file.
///
/// Rendered as
///
///     spiral.yaml:17:3: error: solver: unknown field 'momentun'; did you mean 'momentum'?
///        17 |   momentun: 0.9
///           |   ^
///
/// Control characters of the input are escaped. Quoted input is cut at 500 characters, and a whole
/// message at 4,000. Notes follow the message: where a copied text was copied, and which option
/// changed the position.
package struct Diagnostic: Error, Sendable {
  package enum Severity: String, Sendable {
    case error
    case warning
  }

  /// A second position that belongs to the message.
  package struct Note: Sendable {
    package let mark: Mark
    package let message: String

    package init(_ message: String, at mark: Mark) {
      self.mark = mark
      self.message = message.cut(at: 4000)
    }
  }

  package let severity: Severity
  package let message: String
  package let mark: Mark
  package let notes: [Note]

  /// - Parameters:
  ///   - message: what is wrong, what was expected, and what was received. Input is quoted with
  ///     `quotable`.
  ///   - suggestion: the name that the user probably meant.
  package init(
    _ message: String, at mark: Mark, suggestion: String? = nil, notes: [Note] = [],
    severity: Severity = .error
  ) {
    self.severity = severity
    let message = message.cut(at: 4000)
    self.message = suggestion.map { "\(message); did you mean '\($0.quotable)'?" } ?? message
    self.mark = mark
    self.notes = notes + mark.copyNotes + (mark.source.option?.notes ?? [])
  }

  /// The message with its position, its source line and a caret, on separate lines. It does not end
  /// with a line break.
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
    guard let window = mark.source.window(line: mark.line, column: mark.column, width: 60) else {
      return []
    }
    let before = (window.isCut.left ? "…" : "") + String(window.before).escapingControls
    let after = String(window.after).escapingControls + (window.isCut.right ? "…" : "")
    let number = String(mark.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    let blank = String(repeating: " ", count: before.count)
    return [
      "\(margin)\(number) | \(before)\(after)",
      "\(String(repeating: " ", count: max(5, number.count))) | \(blank)^",
    ]
  }
}

/// All mistakes found in the input so far.
///
/// Reading continues after a mistake, so that one run reports all mistakes.
///
/// A thousand errors and a thousand warnings are kept. Further ones are only counted, so that a
/// file full of mistakes costs neither memory nor time. A mistake in a text that was copied many
/// times counts once. Reports from further copies are neither kept nor counted.
package struct Diagnostics: Error, Sendable {
  /// The number of errors, and of warnings, that are kept.
  package static let limit = 1000

  package private(set) var all: [Diagnostic] = []
  /// The number of reported errors, including those that were not kept.
  package private(set) var errorCount = 0
  package private(set) var warningCount = 0
  /// The source of the first report at each position: the text, or a copy of it.
  private var sources: [String: SourceText] = [:]

  package init() {}

  package init(_ diagnostic: Diagnostic) { report(diagnostic) }

  package mutating func report(_ diagnostic: Diagnostic) {
    let source = diagnostic.mark.source
    let place = diagnostic.mark.description
    if !source.notes.isEmpty, let first = sources[place], first !== source { return }
    guard count(1, of: diagnostic.severity) else { return }
    all.append(diagnostic)
    sources[place] = sources[place] ?? source
  }

  package mutating func error(
    _ message: String, at mark: Mark, suggestion: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    report(Diagnostic(message, at: mark, suggestion: suggestion, notes: notes))
  }

  /// Counts errors without describing them. Callers use it when no more are kept.
  package mutating func omitErrors(_ count: Int) { errorCount += count }

  package mutating func merge(_ other: Diagnostics) {
    let kept = other.all.count { $0.severity == .error }
    for diagnostic in other.all { report(diagnostic) }
    _ = count(other.errorCount - kept, of: .error)
    _ = count(other.warningCount - (other.all.count - kept), of: .warning)
  }

  package var hasErrors: Bool { errorCount > 0 }

  /// True when a further error would be counted but not kept.
  package var isFull: Bool { errorCount >= Diagnostics.limit }

  /// All diagnostics sorted by position. Diagnostics at one position keep the order of their
  /// reports.
  package var sorted: [Diagnostic] {
    all.enumerated().sorted { left, right in
      let (a, b) = (left.element.mark, right.element.mark)
      return (a.source.name, a.line, a.column, left.offset)
        < (b.source.name, b.line, b.column, right.offset)
    }.map(\.element)
  }

  package var rendered: String {
    var lines = sorted.map(\.rendered)
    lines += omitted(errorCount, of: "error") + omitted(warningCount, of: "warning")
    return lines.joined(separator: "\n")
  }

  /// Adds to a count, and returns whether one more diagnostic of the severity may be kept.
  private mutating func count(_ number: Int, of severity: Diagnostic.Severity) -> Bool {
    switch severity {
    case .error:
      errorCount += number
      return errorCount <= Diagnostics.limit
    case .warning:
      warningCount += number
      return warningCount <= Diagnostics.limit
    }
  }

  private func omitted(_ count: Int, of severity: String) -> [String] {
    let rest = count - Diagnostics.limit
    return rest > 0 ? ["and \(rest) more \(severity)\(rest == 1 ? "" : "s")"] : []
  }
}

extension String {
  /// The text as a message on one line: control characters escaped, cut at 4,000 characters.
  package var asMessage: String { cut(at: 4000).escapingControls }

  /// The text as a quotation in a message: control characters escaped, cut at 500 characters.
  package var quotable: String { cut(at: 500).escapingControls }

  /// The first `limit` scalars of the text. An ellipsis marks the omitted rest.
  fileprivate func cut(at limit: Int) -> String {
    guard utf8.count > limit else { return self }
    let start = unicodeScalars.prefix(limit)
    return start.endIndex < endIndex ? String(start) + "…" : self
  }

  /// The text with control characters, line breaks and direction marks written as `\n`, `\t` or
  /// `\u{1B}`.
  package var escapingControls: String {
    guard unicodeScalars.contains(where: \.isUnprintable) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.rawByte != nil:
        text += "\\x\(String(scalar.rawByte ?? 0, radix: 16, uppercase: true))"
      case _ where scalar.isUnprintable:
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether the scalar is a control or format character, or a line or paragraph separator.
  /// Direction marks are format characters.
  package var isUnprintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    case .privateUse: rawByte != nil
    default: false
    }
  }
}
