/// What is wrong with a formula, and at which byte of its text.
struct FormulaMistake: Error, Equatable {
  let message: String
  let offset: Int
  var suggestion: String?
}

/// A word of a formula.
struct FormulaToken {
  enum Kind: Equatable {
    case number(Double)
    case name(String)
    case symbol(FormulaSymbol)
    case end
  }

  let kind: Kind
  /// In bytes of the text.
  let range: Range<Int>
  /// As it stands in the text.
  let text: String

  /// As a message calls it.
  var received: String { kind == .end ? "the end" : "'\(text)'" }
}

/// Signs and reserved words.
enum FormulaSymbol: String, CaseIterable {
  case open = "("
  case close = ")"
  case comma = ","
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case power = "^"
  case powerOfPython = "**"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case unequal = "!="
  case and = "and"
  case or = "or"
  case not = "not"

  /// Words that no blob or constant can be called in a formula.
  static let words = ["and", "or", "not"]

  /// What a sign of other languages, or of print, probably means.
  static let lookalikes = [
    "·": "*", "×": "*", "∗": "*", "−": "-", "–": "-", "÷": "/", "=": "==", "≠": "!=", "≤": "<=",
    "≥": ">=", "&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "[": "(", "]": ")",
  ]
}
