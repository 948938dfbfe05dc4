package import Fields
package import YAML

/// The rules by which rows are assigned to parts, for a split and for folds alike.
package struct RowChoice: Equatable, Sendable {
  /// The seed of the random order of the rows, independently of the model's seed.
  package var seed = 1
  /// Whether the rows are in random order. Otherwise they keep the order of the source.
  package var shuffles = true
  /// Whether every part has the same shares of the classes.
  package var stratifies = false
  /// The column of a table whose equal texts stay in one part.
  package var group: String?

  package init() {}
}

/// A field of `data:` that divides the rows of the training source into both parts.
package protocol RowDivision: FieldOwner, FieldValue, Equatable {
  var choice: RowChoice { get set }
  /// The name of the field.
  static var name: String { get }
}

extension RowDivision {
  /// The fields of the rules.
  static var choiceFields: [Field<Self>] {
    [
      .optional("seed", \.choice.seed, .atLeast(0), "The seed of the random order of the rows."),
      .optional(
        "shuffle", \.choice.shuffles,
        "Whether the rows are in random order. With false they keep the order of the source."),
      .optional(
        "stratify", \.choice.stratifies, "Whether every part has the same shares of the classes."),
      .optional(
        "group", \.choice.group,
        .given(Constraint("a column's name") { !$0.isEmpty }),
        "The column of a csv table whose equal texts stay in one part. Default: none."),
    ]
  }

  package var idleFields: [IdleField] {
    choice.shuffles ? [] : [IdleField("seed", since: "shuffle is false")]
  }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Self> {
    guard node.pairs != nil else { return .mismatch }
    return node.decode(Self.self, of: name, &diagnostics).map { .value($0) } ?? .reported
  }

  package var encoded: Node { Node(.mapping(encodedFields)) }
}
