package import YAML

/// The aspect of a training that a field controls.
package enum FieldRole: Sendable {
  /// The numbers of a training.
  case number
  /// The length of a training and the times of its tests. A continued training may change it.
  case length
  /// The location of files. Other paths to the same content do not change any number.
  case path
  /// The output, the kept files and the checks. They do not change any number.
  case presentation
}

/// A field without its type, for help pages and messages.
package struct FieldDescription: Sendable {
  package let name: String
  package let role: FieldRole
  package let summary: String
  /// For example "an integer of at least 1".
  package let expectation: String
  package let isRequired: Bool
  /// Whether the value is one of several names, in capitals or small letters.
  package let isChoice: Bool
  /// The default as a model file would state it. Nil if there is none.
  package let defaultValue: Node?
}

/// One field of a model file: its name, property, allowed values and meaning.
///
/// This single declaration provides decoding, defaults, ranges, messages, help pages and the
/// resolved document. The default is the property's value after the owner's `init()`.
package struct Field<Owner: Sendable>: Sendable {
  package let name: String
  package let role: FieldRole
  package let summary: String
  package let expectation: String
  package let isRequired: Bool
  let isChoice: Bool
  let isText: Bool
  /// Reads `node` into the owner. Returns false after reporting a mistake.
  let decode: @Sendable (Node, inout Owner, inout Diagnostics) -> Bool
  let encode: @Sendable (Owner) -> Node

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
    let expectation = constraint.expectation ?? Value.expectation
    self.expectation = expectation
    let widest = constraint.widestExpectation
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
        let expected = part.expectation ?? (part.isBeyondIntegers ? widest : expectation)
        diagnostics.error(
          "\(name): expected \(expected), received \(part.received)",
          at: part.mark, suggestion: part.suggestion)
      }
      return false
    }
    encode = { $0[keyPath: path].encoded }
  }

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

/// A field without effect because of the values of other fields. A file that states it contains a
/// mistake.
package struct IdleField: Sendable {
  package let name: String
  /// The reason, which follows "expected none, since" in the message.
  package let reason: String

  package init(_ name: String, since reason: String) {
    self.name = name
    self.reason = reason
  }

  package var message: String { "\(name): expected none, since \(reason)" }
}

/// A type whose values are read from a mapping by its declared fields.
package protocol FieldOwner: Sendable {
  /// Sets the defaults. The default of a required field is never used.
  init()
  static var fields: [Field<Self>] { get }
  /// The reason why values that are each in range contradict each other. Nil if they are
  /// consistent.
  var inconsistency: String? { get }
  /// The fields without effect because of the values of other fields. A file that states one is
  /// refused, and the resolved document omits them.
  var idleFields: [IdleField] { get }
}

extension FieldOwner {
  package var inconsistency: String? { nil }
  package var idleFields: [IdleField] { [] }

  package static var fieldDescriptions: [FieldDescription] {
    let defaults = Self()
    return fields.map {
      let value = $0.encode(defaults)
      return FieldDescription(
        name: $0.name, role: $0.role, summary: $0.summary, expectation: $0.expectation,
        isRequired: $0.isRequired,
        isChoice: $0.isChoice, defaultValue: $0.isRequired || value.isNull ? nil : value)
    }
  }

  /// All fields as a model file would state them. Null values and idle fields are omitted.
  package var encodedFields: [Node.Pair] {
    let idle = idleFields.map(\.name)
    return Self.fields.compactMap { field in
      let value = field.encode(self)
      return value.isNull || idle.contains(field.name)
        ? nil : Node.Pair(key: .text(field.name), value: value)
    }
  }
}

/// Reads one mapping by one or several lists of fields, and reports unknown keys.
package struct FieldReader {
  private let node: Node
  private let pairs: [Node.Pair]
  private let subject: String
  private var known: [String] = []
  /// False after a mistake was reported.
  package private(set) var isValid = true

  /// - Parameter subject: the name of the mapping in messages: "solver SGD".
  /// - Returns: nil if `node` is not a mapping, after the mistake is reported.
  package init?(_ node: Node, of subject: String, _ diagnostics: inout Diagnostics) {
    guard let pairs = node.pairs else {
      diagnostics.error(
        "\(subject): expected a mapping, received \(node.received)", at: node.mark)
      return nil
    }
    self.node = node
    self.pairs = pairs
    self.subject = subject
  }

  /// Accepts `names` as known keys that another reader decodes.
  package mutating func allow(_ names: [String]) { known += names }

  package mutating func read<Owner: FieldOwner>(
    into owner: inout Owner, _ diagnostics: inout Diagnostics
  ) {
    let fields = Owner.fields
    // The length of the mapping depends on the file, and the fields are few. One pass over the
    // mapping is therefore enough.
    var values = [Node?](repeating: nil, count: fields.count)
    for pair in pairs {
      guard let name = pair.key.scalar?.text,
        let place = fields.firstIndex(where: { $0.name == name })
      else { continue }
      if values[place] == nil { values[place] = pair.value }
    }
    for (field, value) in zip(fields, values) {
      known.append(field.name)
      if let value {
        // A field without a value keeps its default, unless the field is required.
        let isText = field.isText && value.optionText != nil
        if value.isNull && !field.isRequired && !isText { continue }
        if !field.decode(value, &owner, &diagnostics) { isValid = false }
      } else if field.isRequired {
        diagnostics.error(
          "\(subject): '\(field.name)' is missing: expected \(field.expectation)", at: node.mark)
        isValid = false
      }
    }
    if isValid { report(owner.idleFields, &diagnostics) }
    if isValid, let inconsistency = owner.inconsistency {
      diagnostics.error("\(subject): \(inconsistency)", at: node.mark)
      isValid = false
    }
  }

  /// Reports the idle fields that the mapping states.
  package mutating func report(_ idle: [IdleField], _ diagnostics: inout Diagnostics) {
    for field in idle {
      guard let value = node[field.name], !value.isNull else { continue }
      diagnostics.error(field.message, at: value.mark)
      isValid = false
    }
  }

  /// Reports every key that does not belong to any list of fields.
  package mutating func finish(_ diagnostics: inout Diagnostics) {
    // For each text, the fields that it does not state. There may be many unknown keys, so the
    // lists are kept.
    var free: [String: [String]] = [:]
    for pair in pairs {
      if let name = pair.key.scalar?.text, known.contains(name) { continue }
      isValid = false
      if diagnostics.isFull {
        diagnostics.omitErrors(1)
      } else {
        let text = pair.key.mark.source.name
        let names = free[text] ?? freeNames(in: text)
        free[text] = names
        diagnostics.report(unknown(pair.key, free: names))
      }
    }
  }

  /// The known fields that a text does not state, as candidates for suggestions.
  ///
  /// A key cannot mean a field that the same text already states. An override may mean a field that
  /// a file states, since it replaces that field.
  private func freeNames(in text: String) -> [String] {
    let stated = Set(
      pairs.filter { $0.key.mark.source.name == text }.compactMap { $0.key.scalar?.text })
    return known.filter { !stated.contains($0) }
  }

  private func unknown(_ key: Node, free: [String]) -> Diagnostic {
    guard let name = key.scalar?.text else {
      return Diagnostic(
        "\(subject): expected a field name, received \(key.received)", at: key.mark)
    }
    let message = "\(subject): unknown field '\(name.quotable)'"
    // In flow style, 'a:1' is a key without a value.
    if let colon = name.firstIndex(of: ":"), known.contains(String(name[..<colon])) {
      return Diagnostic("\(message): a space is missing after ':'", at: key.mark)
    }
    return Diagnostic(message, at: key.mark, suggestion: free.nearest(to: name))
  }
}

extension Node {
  /// Reads a mapping that one list of fields describes. Nil if anything was wrong, after the
  /// mistakes are reported.
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
