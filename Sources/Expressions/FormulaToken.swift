internal import YAML

/// A token of a formula.
struct FormulaToken {
  enum Kind: Equatable {
    case number(Scalar)
    /// A quoted text.
    case text(String)
    case name(String)
    case `operator`(FormulaOperator)
    case open
    case close
    case comma
    case end
  }

  let kind: Kind
  /// The byte range in the text.
  let range: Range<Int>

  /// Describes the token in messages.
  var received: String {
    switch kind {
    case .number(let scalar): "'\(scalar.text.quotable)'"
    case .text(let text): "the text '\(text.quotable)'"
    case .name(let name): "'\(name.quotable)'"
    case .operator(let symbol): "'\(symbol.rawValue)'"
    case .open: "'('"
    case .close: "')'"
    case .comma: "','"
    case .end: "the end"
    }
  }

  static let punctuation: [String: Kind] = ["(": .open, ")": .close, ",": .comma]

  /// The probable meaning of signs from other languages or from typography.
  static let lookalikes = [
    "·": "*", "×": "*", "∗": "*", "−": "-", "–": "-", "÷": "/", "=": "==", "≠": "!=", "≤": "<=",
    "≥": ">=", "&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "[": "(", "]": ")",
  ]

  /// The advice for signs that do not have a single replacement.
  static let hints = [
    "?": "a choice is 'a if condition else b'", ":": "a choice is 'a if condition else b'",
    "$": "write the name without '$'",
  ]
}
