package import YAML

/// A type of fields in a model file.
package protocol FieldValue: Sendable {
  /// Whether a value is one of several names, in capitals or small letters.
  static var isChoice: Bool { get }
  /// Whether a value is one text.
  static var isText: Bool { get }
  /// The expectation in messages: "an integer".
  static var expectation: String { get }
  /// The expectation with 64-bit bounds, for messages about a value beyond 64 bits.
  static var boundedExpectation: String { get }
  static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Self>
  /// The value as a model file would state it.
  var encoded: Node { get }
}

extension FieldValue {
  package static var isChoice: Bool { false }
  package static var isText: Bool { false }
  package static var boundedExpectation: String { expectation }
}

extension Int: FieldValue {
  package static var expectation: String { "an integer" }
  package static var boundedExpectation: String { "an integer from \(Int.min) to \(Int.max)" }

  /// Reads an integer, which may be written as `1e4` or `10000.0` if a double represents it
  /// exactly.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Int> {
    guard let value = node.scalar?.integer else { return .mismatch }
    return .value(value)
  }

  package var encoded: Node { .plain(String(self)) }
}

extension Double: FieldValue {
  package static var expectation: String { "a number" }

  /// Reads a number. Integers of any size are numbers. Infinity and NaN are refused, since training
  /// with them is impossible.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Double> {
    guard let scalar = node.scalar else { return .mismatch }
    let number: Double? =
      switch scalar.resolved {
      case .integer(let value): Double(value)
      case .number(let value): value
      case .hugeInteger: Double(scalar.trimmedText)
      default: nil
      }
    guard let number, number.isFinite else { return .mismatch }
    return .value(number)
  }

  package var encoded: Node {
    guard isFinite else { return .plain(isNaN ? ".nan" : self < 0 ? "-.inf" : ".inf") }
    guard let integer = Int(exactly: self), integer.magnitude < 1 << 53,
      integer != 0 || sign == .plus
    else { return .plain("\(self)") }
    return .plain(String(integer))
  }
}

extension Bool: FieldValue {
  package static var expectation: String { "true or false" }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Bool> {
    guard case .boolean(let value) = node.scalar?.resolved else { return .mismatch }
    return .value(value)
  }

  package var encoded: Node { .plain(self ? "true" : "false") }
}

extension String: FieldValue {
  package static var isText: Bool { true }
  package static var expectation: String { "a text" }

  /// Reads any scalar except null. A name that looks like a number is still a name. The value of an
  /// option is taken verbatim.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<String> {
    if let text = node.optionText { return .value(text) }
    guard let scalar = node.scalar, scalar.resolved != .null else { return .mismatch }
    return .value(scalar.text)
  }

  package var encoded: Node { .text(self) }
}

extension Array: FieldValue where Element: FieldValue {
  package static var isChoice: Bool { Element.isChoice }
  package static var expectation: String { "a list, each item \(Element.expectation)" }
  package static var boundedExpectation: String {
    "a list, each item \(Element.boundedExpectation)"
  }

  /// Reads a list. A single value represents a list of one.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<[Element]> {
    var values: [Element] = []
    var wrong: [WrongValue] = []
    var wasReported = false
    for item in node.items ?? [node] {
      switch Element.decode(item, &diagnostics) {
      case .value(let value): values.append(value)
      case .mismatch where node.items == nil: return .mismatch
      case .mismatch:
        wrong.append(WrongValue(item, expected: Element.isChoice ? Element.expectation : nil))
      case .wrong(let parts): wrong += parts
      case .reported: wasReported = true
      }
    }
    if !wrong.isEmpty { return .wrong(wrong) }
    return wasReported ? .reported : .value(values)
  }

  package var encoded: Node { .sequence(map(\.encoded)) }
}

extension Optional: FieldValue where Wrapped: FieldValue {
  package static var isChoice: Bool { Wrapped.isChoice }
  package static var isText: Bool { Wrapped.isText }
  package static var expectation: String { Wrapped.expectation }
  package static var boundedExpectation: String { Wrapped.boundedExpectation }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Wrapped?> {
    switch Wrapped.decode(node, &diagnostics) {
    case .value(let value): .value(value)
    case .mismatch: .mismatch
    case .wrong(let parts): .wrong(parts)
    case .reported: .reported
    }
  }

  package var encoded: Node { self?.encoded ?? .plain("~") }
}
