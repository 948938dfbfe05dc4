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
