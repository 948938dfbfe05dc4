internal import YAML

extension Mark {
  /// The mark of an unknown value. Mistakes that follow from such a value are not reported.
  ///
  /// Two kinds of values are unknown: parameters without a default in a block that is never called,
  /// and texts whose failed replacement has been reported.
  static let unknown = Mark(source: SourceText(name: "(unknown)", text: ""), line: 0, column: 0)

  var isUnknown: Bool { source === Mark.unknown.source }
}

extension Node {
  /// Whether the values of the node and all its parts are known.
  var isKnown: Bool {
    guard !mark.isUnknown else { return false }
    return switch value {
    case .scalar: true
    case .sequence(let items): items.allSatisfy(\.isKnown)
    case .mapping(let pairs): pairs.allSatisfy(\.value.isKnown)
    }
  }
}
