package import YAML

extension Node {
  /// The values without their places, as a model file states them: `{a: [1, 'text']}`.
  package var valueText: String {
    func list(_ parts: [String]) -> String { parts.joined(separator: ", ") }
    return switch value {
    case .scalar(let scalar):
      if case .text(let text) = scalar.resolved { "'\(text)'" } else { scalar.text }
    case .sequence(let items): "[\(list(items.map(\.valueText)))]"
    case .mapping(let pairs):
      "{\(list(pairs.map { "\($0.key.scalar?.text ?? "?"): \($0.value.valueText)" }))}"
    }
  }
}
