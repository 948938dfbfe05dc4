package import YAML

/// One field of a model file: its name, property, allowed values and meaning.
///
/// This single declaration provides decoding, defaults, ranges, messages, help pages and the
/// resolved document. The default is the property's value after the owner's `init()`.
package struct Field<Owner: Sendable>: Sendable {
  package let name: String
  package let role: FieldRole
  package let summary: String
  package let isRequired: Bool
  let isChoice: Bool
  let isText: Bool
  /// Reads `node` into the owner. Returns false after reporting a mistake.
  let decode: @Sendable (Node, inout Owner, inout Diagnostics) -> Bool
  let encode: @Sendable (Owner) -> Node
  private let expected: @Sendable () -> String

  private init<Value: FieldValue>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable,
    _ constraint: Constraint<Value>, isRequired: Bool, _ role: FieldRole, _ summary: String
  ) {
    self.name = name
    self.role = role
    self.summary = summary
    self.isRequired = isRequired
    isChoice = Value.isChoice
    isText = Value.isText
    let expected: @Sendable () -> String = { constraint.expectation ?? Value.expectation }
    self.expected = expected
    decode = { node, owner, diagnostics in
      let wrong: [WrongValue]
      switch Value.decode(node, &diagnostics) {
      case .value(let value) where constraint.allows(value):
        owner[keyPath: path] = value
        return true
      case .reported: return false
      case .wrong(let parts): wrong = parts
      case .value(let value): wrong = [constraint.culprit(value, node)]
      case .mismatch: wrong = [WrongValue(node, expected: nil)]
      }
      for part in wrong {
        guard !diagnostics.isFull else {
          diagnostics.omitErrors(1)
          continue
        }
        let expectation =
          part.expectation
          ?? (part.isBeyondIntegers ? constraint.widestExpectation : expected())
        diagnostics.error(
          "\(name): expected \(expectation), received \(part.received)",
          at: part.mark, suggestion: part.suggestion)
      }
      return false
    }
    encode = { $0[keyPath: path].encoded }
  }

  /// The allowed values in words, which only a message or a page asks for.
  package var expectation: String { expected() }

  /// A field that the file must state, with a constraint.
  package static func required<Value: FieldValue>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable,
    _ constraint: Constraint<Value>, role: FieldRole = .number, _ summary: String
  ) -> Field {
    Field(name, path, constraint, isRequired: true, role, summary)
  }

  /// A field that the file must state, with any value of its type.
  package static func required<Value: FieldValue>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable,
    role: FieldRole = .number, _ summary: String
  ) -> Field {
    Field(name, path, .any, isRequired: true, role, summary)
  }

  /// A field with a constraint. It keeps the owner's default if the file does not state it.
  package static func optional<Value: FieldValue>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable,
    _ constraint: Constraint<Value>, role: FieldRole = .number, _ summary: String
  ) -> Field {
    Field(name, path, constraint, isRequired: false, role, summary)
  }

  /// A field with any value of its type. It keeps the owner's default if the file does not state
  /// it.
  package static func optional<Value: FieldValue>(
    _ name: String, _ path: any WritableKeyPath<Owner, Value> & Sendable,
    role: FieldRole = .number, _ summary: String
  ) -> Field {
    Field(name, path, .any, isRequired: false, role, summary)
  }
}

extension Node {
  /// Reads a mapping that one list of fields describes. Reports all mistakes, and returns nil if
  /// there are any.
  package func decode<Owner: FieldOwner>(
    _ type: Owner.Type, of subject: String, _ diagnostics: inout Diagnostics
  ) -> Owner? {
    guard var reader = FieldReader(self, of: subject, &diagnostics) else { return nil }
    var owner = Owner()
    reader.read(into: &owner, &diagnostics)
    reader.finish(&diagnostics)
    return reader.isValid ? owner : nil
  }
}
