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
