/// What became of a node that a field was read from.
package enum Decoded<Value> {
  case value(Value)
  /// Of another kind than expected; the field reports it with what it expected and received.
  case mismatch
  /// Wrong inside, and reported there.
  case reported
}

/// A type that a field of a model file can have.
package protocol FieldValue: Sendable {
  /// What a message says it expected: "an integer".
  static var expectation: String { get }
  static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Self>
  /// The parts of a node that make it a mismatch: of a list the items that are none of its.
  static func mismatches(in node: Node) -> [Node]
  /// The value as a model file would state it.
  var encoded: Node { get }
}

extension FieldValue {
  package static func mismatches(in node: Node) -> [Node] { [node] }
}

extension Int: FieldValue {
  package static var expectation: String { "an integer" }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Int> {
    guard case .integer(let value) = node.scalar?.resolved else { return .mismatch }
    return .value(value)
  }

  package var encoded: Node { .plain(String(self)) }
}

extension Double: FieldValue {
  package static var expectation: String { "a number" }

  /// An integer is a number too, of any size; infinity and NaN are not, since nothing can be
  /// trained with them.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Double> {
    guard let scalar = node.scalar else { return .mismatch }
    let number: Double? =
      switch scalar.resolved {
      case .integer(let value): Double(value)
      case .number(let value): value
      case .hugeInteger: Double(scalar.text)
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
  package static var expectation: String { "a text" }

  /// Any scalar but null: a name that looks like a number is a name.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<String> {
    guard let scalar = node.scalar, scalar.resolved != .null else { return .mismatch }
    return .value(scalar.text)
  }

  package var encoded: Node { .text(self) }
}

extension Array: FieldValue where Element: FieldValue {
  package static var expectation: String { "a list, each item \(Element.expectation)" }

  /// A single value stands for a list of one.
  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<[Element]> {
    var values: [Element] = []
    var (isMismatch, wasReported) = (false, false)
    for item in node.items ?? [node] {
      switch Element.decode(item, &diagnostics) {
      case .value(let value): values.append(value)
      case .mismatch: isMismatch = true
      case .reported: wasReported = true
      }
    }
    return isMismatch ? .mismatch : wasReported ? .reported : .value(values)
  }

  /// Every wrong item of a list.
  package static func mismatches(in node: Node) -> [Node] {
    (node.items ?? []).flatMap { item -> [Node] in
      // What is wrong inside an item was reported when it was read.
      var diagnostics = Diagnostics()
      guard case .mismatch = Element.decode(item, &diagnostics) else { return [] }
      return Element.mismatches(in: item)
    }
  }

  package var encoded: Node { .sequence(map(\.encoded)) }
}

extension Optional: FieldValue where Wrapped: FieldValue {
  package static var expectation: String { Wrapped.expectation }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Wrapped?> {
    switch Wrapped.decode(node, &diagnostics) {
    case .value(let value): .value(value)
    case .mismatch: .mismatch
    case .reported: .reported
    }
  }

  package static func mismatches(in node: Node) -> [Node] { Wrapped.mismatches(in: node) }

  package var encoded: Node { self?.encoded ?? .plain("~") }
}

/// A choice among names: an enumeration with raw text values.
package protocol FieldChoice: FieldValue, CaseIterable, RawRepresentable<String> {}

extension FieldChoice {
  package static var expectation: String {
    "one of " + allCases.map(\.rawValue).joined(separator: ", ")
  }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Self> {
    guard let text = node.scalar?.text else { return .mismatch }
    if let value = Self(rawValue: text) { return .value(value) }
    guard let suggestion = allCases.map(\.rawValue).nearest(to: text) else { return .mismatch }
    diagnostics.error(
      "expected \(expectation), received '\(text.quotable)'", at: node.mark, suggestion: suggestion)
    return .reported
  }

  package var encoded: Node { .text(rawValue) }
}
