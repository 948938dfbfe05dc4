/// One mistake of the user, with its position in a file.
///
/// Rendered as
///
///     spiral.yaml:17:3: error: solver: unknown field 'momentun'; did you mean 'momentum'?
///        17 |   momentun: 0.9
///           |   ^
///
/// Control characters of the input are escaped. Quoted input is cut at 500 characters, and a whole
/// message at 4,000. Notes follow the message. They show where a text was copied, and which
/// command-line option gave the value.
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
