internal import Fields
package import YAML

/// The value of a name or a result in `$(…)`: a number, a truth value or a text.
package enum FormulaValue: Sendable, Equatable {
  case integer(Int)
  /// A finite number that was written or computed as a fraction.
  case fraction(Double)
  case truth(Bool)
  case text(String)

  /// Reads a scalar. Nil for null, infinity, NaN, and integers beyond 64 bits.
  package init?(_ scalar: Scalar) {
    switch scalar.resolved {
    case .integer(let value): self = .integer(value)
    case .number(let value) where value.isFinite: self = .fraction(value)
    case .boolean(let value): self = .truth(value)
    case .text(let value): self = .text(value)
    case .null, .hugeInteger, .number: return nil
    }
  }

  /// The truth value of `true` or `false`. Nil for any other word.
  init?(word: String) {
    guard word == "true" || word == "false" else { return nil }
    self = .truth(word == "true")
  }

  /// The value as a file would state it.
  ///
  /// A whole number is always written as an integer. A text stays a text, even if it looks like
  /// another type.
  package var scalar: Scalar {
    switch self {
    case .integer(let value): Scalar(text: String(value), style: .plain)
    case .fraction(let value):
      Scalar(text: value.encoded.scalar?.text ?? "\(value)", style: .plain)
    case .truth(let value): Scalar(text: value ? "true" : "false", style: .plain)
    case .text(let text): Scalar(text: text, style: .quoted)
    }
  }

  /// The value as a number. Nil for a truth value or a text.
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .fraction(let value): value
    case .truth, .text: nil
    }
  }

  /// Describes the value in messages.
  var received: String {
    switch self {
    case .text(let text): "the text '\(text.quotable)'"
    case .integer, .fraction, .truth: scalar.text
    }
  }
}
