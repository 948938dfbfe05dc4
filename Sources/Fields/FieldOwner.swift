package import YAML

/// A type whose values are read from a mapping by its declared fields.
package protocol FieldOwner: Sendable {
  /// Sets the defaults. The default of a required field is never used.
  init()
  static var fields: [Field<Self>] { get }
  /// The reason why the values contradict each other, although each is in range. Nil if they are
  /// consistent.
  var inconsistency: String? { get }
  /// The fields that have no effect because of the values of other fields. A file that states such
  /// a field is refused. The resolved document omits these fields.
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
