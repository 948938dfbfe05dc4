internal import YAML

extension Mark {
  /// The place of a value that is not known: that of a parameter without a default in a block that
  /// nothing calls, or of a text that could not be replaced, which was reported. What is read from
  /// such a value is no mistake.
  static let unknown = Mark(source: SourceText(name: "(unknown)", text: ""), line: 0, column: 0)

  var isUnknown: Bool { source === Mark.unknown.source }
}

extension Node {
  /// Whether the node is known with all its parts.
  var isKnown: Bool {
    guard !mark.isUnknown else { return false }
    return switch value {
    case .scalar: true
    case .sequence(let items): items.allSatisfy(\.isKnown)
    case .mapping(let pairs): pairs.allSatisfy(\.value.isKnown)
    }
  }
}
