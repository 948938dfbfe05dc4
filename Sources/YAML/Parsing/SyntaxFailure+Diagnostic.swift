/// Rewords libyaml's syntax errors for users.
///
/// libyaml's messages name rules of YAML's grammar, and their position may be several lines below
/// the mistake. The new message names the mistake, at the position where the user can correct it.
extension SyntaxFailure {
  func diagnostic(in source: SourceText) -> Diagnostic {
    let here = Mark(source: source, line: position.line, column: position.column)
    let start = Mark(source: source, line: contextPosition.line, column: contextPosition.column)
    switch problem {
    case "found character that cannot start any token":
      return unexpectedCharacter(at: here)
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      return Diagnostic(SyntaxFailure.tab, at: here)
    case "mapping values are not allowed in this context":
      return Diagnostic(
        "unexpected ':': a key is not allowed here; put a text with ': ' in quotes, or correct the "
          + "indentation", at: here, notes: missingSpace(above: here))
    case "mapping keys are not allowed in this context":
      return Diagnostic("unexpected '?': a key is not allowed here", at: here)
    case "block sequence entries are not allowed in this context":
      return Diagnostic("unexpected '-': a list begins on a line of its own", at: here)
    case "could not find expected ':'":
      return missingColon(at: start)
    case "found unexpected ':'":
      return Diagnostic("a space is missing after ':'", at: here)
    case "did not find expected key":
      return unexpectedText("a key", startingLike: "mapping", start, at: here)
    case "did not find expected '-' indicator":
      return unexpectedText("'-'", startingLike: "list", start, at: here)
    case "did not find expected ',' or ']'":
      return unclosed("[", expecting: "',' or ']'", "list", start, at: here)
    case "did not find expected ',' or '}'":
      return unclosed("{", expecting: "',' or '}'", "mapping", start, at: here)
    case "found unexpected end of stream":
      return Diagnostic("this quote is not closed", at: start)
    case "found unexpected document indicator":
      return Diagnostic(
        "this quote is not closed", at: start,
        notes: [Diagnostic.Note("a document ends or begins here", at: here)])
    case "did not find expected node content":
      return Diagnostic("expected a value", at: here)
    case "did not find expected <document start>":
      return Diagnostic("expected '---' after the directives", at: here)
    default:
      return scannerMessage.map { Diagnostic($0.message, at: $0.isAtStart ? start : here) }
        ?? Diagnostic(problem, at: here)
    }
  }

  private static let tab = "a tab cannot indent; use spaces"

  /// Messages for errors in one token, chosen by libyaml's context.
  private var scannerMessage: (message: String, isAtStart: Bool)? {
    switch (context, problem) {
    case (_, "found unknown escape character"):
      ("unknown escape; write a backslash as '\\\\', or use single quotes", false)
    case (_, "did not find expected hexdecimal number"):
      ("expected hexadecimal digits: 2 after '\\x', 4 after '\\u', 8 after '\\U'", false)
    case (_, "found invalid Unicode character escape code"):
      ("this escape does not name a Unicode character", false)
    case ("while scanning an alias", _):
      (
        "'*' begins an alias, whose name has letters, digits, '-' and '_'; "
          + "put other text in quotes", true
      )
    case ("while scanning an anchor", _):
      (
        "'&' begins an anchor, whose name has letters, digits, '-' and '_'; "
          + "put other text in quotes", true
      )
    case ("while scanning a block scalar", "found an indentation indicator equal to 0"):
      ("the indentation after '|' or '>' is a digit from 1 to 9", true)
    case ("while scanning a block scalar", _):
      ("the text after '|' or '>' begins on the next line", false)
    case (_, "found undefined tag handle"), ("while scanning a tag", _), ("while parsing a tag", _):
      ("'!' begins a tag, but this is not a valid tag; put other text in quotes", true)
    case (_, "found incompatible YAML document"):
      ("only YAML 1.1 and 1.2 are read", false)
    case (_, "found duplicate %YAML directive"), (_, "found duplicate %TAG directive"):
      ("this directive repeats one before it", false)
    case (_, "found unknown directive name"):
      ("'%' begins a directive, %YAML or %TAG; put other text in quotes", true)
    case ("while scanning a directive", _), ("while scanning a %YAML directive", _),
      ("while scanning a %TAG directive", _), ("while parsing a %TAG directive", _),
      ("while parsing a tag directive", _), ("while scanning a tag directive", _):
      ("expected '%YAML 1.2' or '%TAG ! prefix'", true)
    default: nil
    }
  }

  private func unexpectedCharacter(at mark: Mark) -> Diagnostic {
    switch mark.following.first {
    case "\t":
      return Diagnostic(SyntaxFailure.tab, at: mark)
    case let character?:
      return Diagnostic(
        "a value cannot begin with '\(character)' here; put the text in quotes", at: mark)
    case nil:
      return Diagnostic("expected a value", at: mark)
    }
  }

  /// Reports a line that begins like a key but has no ': '.
  private func missingColon(at key: Mark) -> Diagnostic {
    let line = key.following
    // In a URL '/' follows the colon. In a Windows path '\' does.
    if let colon = line.firstIndex(of: ":"), colon != line.startIndex,
      let next = line[colon...].dropFirst().first, next != "/", next != "\\"
    {
      let column = key.column + line[..<colon].unicodeScalars.count
      return Diagnostic(
        "a space is missing after ':'",
        at: Mark(source: key.source, line: key.line, column: column))
    }
    return Diagnostic("expected ': ' and a value after this key", at: key)
  }

  /// A note about the line above, if its colon lacks a space. libyaml has read both lines as one
  /// text.
  private func missingSpace(above mark: Mark) -> [Diagnostic.Note] {
    guard let line = mark.source.line(mark.line - 1)?.prefix(1000), !line.contains(": "),
      let colon = line.firstIndex(of: ":"), colon != line.startIndex,
      let next = line[colon...].dropFirst().first, next != "/", next != "\\"
    else { return [] }
    let place = Mark(
      source: mark.source, line: mark.line - 1,
      column: line[..<colon].unicodeScalars.count + 1)
    return [Diagnostic.Note("is a space missing after this ':'?", at: place)]
  }

  /// Reports unexpected text in a block collection. Only a key or a dash in the collection's column
  /// can continue the collection.
  private func unexpectedText(
    _ expected: String, startingLike kind: String, _ start: Mark, at mark: Mark
  ) -> Diagnostic {
    guard mark.isFirstOfLine else {
      return Diagnostic("unexpected text after the value", at: mark)
    }
    let note = Diagnostic.Note("the \(kind) begins here", at: start)
    let message =
      mark.column == start.column
      ? "expected \(expected)"
      : "expected \(expected) in column \(start.column): the indentation differs"
    return Diagnostic(message, at: mark, notes: [note])
  }

  private func unclosed(
    _ bracket: String, expecting expected: String, _ kind: String, _ start: Mark, at mark: Mark
  ) -> Diagnostic {
    guard mark.isEndOfText else {
      return Diagnostic(
        "expected \(expected)", at: mark,
        notes: [Diagnostic.Note("the \(kind) begins here", at: start)])
    }
    return Diagnostic("this '\(bracket)' is not closed", at: start)
  }
}

extension Mark {
  /// The rest of the line, at most 1,000 scalars.
  fileprivate var following: Substring {
    source.window(line: line, column: column, width: 1000)?.after ?? ""
  }

  /// Whether only blanks precede the position in its line.
  fileprivate var isFirstOfLine: Bool {
    guard let window = source.window(line: line, column: column, width: 1000) else { return true }
    return !window.isCut.left && window.before.allSatisfy { $0 == " " || $0 == "\t" }
  }

  fileprivate var isEndOfText: Bool {
    (source.offset(line: line, column: column) ?? .max) >= source.text.utf8.count
  }
}
