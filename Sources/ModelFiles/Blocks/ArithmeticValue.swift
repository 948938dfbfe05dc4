internal import Fields
internal import YAML

/// What the names and results of `$(…)` are: numbers, truth values and texts.
enum ArithmeticValue: Sendable, Equatable {
  case integer(Int)
  /// A number that was written or came out as a fraction; finite.
  case fraction(Double)
  case truth(Bool)
  case text(String)

  /// Nil for nothing, infinity, NaN and integers beyond 64 bits.
  init?(_ scalar: Scalar) {
    switch scalar.resolved {
    case .integer(let value): self = .integer(value)
    case .number(let value) where value.isFinite: self = .fraction(value)
    case .boolean(let value): self = .truth(value)
    case .text(let value): self = .text(value)
    case .null, .hugeInteger, .number: return nil
    }
  }

  /// The value as a file would state it. A whole number is written as an integer, however it came
  /// about, and a text stays one, whatever it looks like.
  var scalar: Scalar {
    switch self {
    case .integer(let value): Scalar(text: String(value), style: .plain)
    case .fraction(let value):
      Scalar(text: value.encoded.scalar?.text ?? "\(value)", style: .plain)
    case .truth(let value): Scalar(text: value ? "true" : "false", style: .plain)
    case .text(let text): Scalar(text: text, style: .quoted)
    }
  }

  /// As a number; nil for what is none.
  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .fraction(let value): value
    case .truth, .text: nil
    }
  }

  /// What a message calls the value.
  var received: String {
    switch self {
    case .text(let text): "the text '\(text.quotable)'"
    case .integer, .fraction, .truth: scalar.text
    }
  }
}
