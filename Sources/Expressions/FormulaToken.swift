internal import YAML

/// A word of a formula.
struct FormulaToken {
  enum Kind: Equatable {
    case number(Scalar)
    /// A text in quotes.
    case text(String)
    case name(String)
    case `operator`(FormulaOperator)
    case open
    case close
    case comma
    case end
  }

  let kind: Kind
  /// In bytes of the text.
  let range: Range<Int>

  /// What a message calls the token.
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

  /// The probable meaning of a sign of other languages or of print.
  static let lookalikes = [
    "·": "*", "×": "*", "∗": "*", "−": "-", "–": "-", "÷": "/", "=": "==", "≠": "!=", "≤": "<=",
    "≥": ">=", "&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "[": "(", "]": ")",
  ]

  /// What to write in place of a sign that has no single counterpart.
  static let hints = [
    "?": "a choice is 'a if condition else b'", ":": "a choice is 'a if condition else b'",
    "$": "write the name without '$'",
  ]
}
