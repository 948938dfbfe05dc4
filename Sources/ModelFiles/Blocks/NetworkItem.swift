internal import Fields
internal import YAML

/// One entry of a list of layers: a layer or a call of a block, as far as must be known before any
/// copy of it is made.
struct NetworkItem {
  /// As the file states it.
  let node: Node
  let pairs: [Node.Pair]
  /// What it states, within its list.
  let name: Node?
  let top: Node?
  /// The blobs that it makes, within its list: `top`, or else the name.
  let tops: [String]
  /// How many copies `repeat` asks for; nil if it is not stated.
  let copies: Int?
  /// False where it cannot be told how many copies there are, and that was reported; one copy is made
  /// then, so that its fields are judged.
  let isSound: Bool

  /// What the file states, if it is not null.
  func field(_ name: String) -> Node? {
    pairs.first { $0.key.scalar?.text == name }.flatMap { $0.value.isNull ? nil : $0.value }
  }

  var isCall: Bool { field("block") != nil }

  var nameText: String? { name?.scalar?.text }

  /// Whether a text of its names could not be replaced, which was reported.
  var hasUnknownNames: Bool { !(name?.isKnown ?? true) || !(top?.isKnown ?? true) }

  /// As messages call it.
  var subject: String {
    let kind = isCall ? "call" : "layer"
    return nameText.map { "\(kind) '\($0.quotable)'" } ?? kind
  }

  /// What is added to its names for a copy.
  func suffix(_ index: Int?) -> String { index.map { "/\($0)" } ?? "" }

  /// Reads an entry of `frame`'s list.
  init(
    _ node: Node, _ pairs: [Node.Pair], in frame: NetworkExpansion.Frame,
    _ substitution: inout Substitution, _ diagnostics: inout Diagnostics
  ) {
    self.node = node
    self.pairs = pairs
    var values: [String: Node] = [:]
    for pair in pairs {
      guard let key = pair.key.scalar?.text, ["name", "top", "repeat"].contains(key) else {
        continue
      }
      let value = substitution.replace(
        in: pair.value, frame.scope, copy: frame.copy, &diagnostics)
      if !value.isNull { values[key] = value }
    }
    name = values["name"]
    top = values["top"]
    let nodes = top.map { $0.items ?? [$0] } ?? name.map { [$0] } ?? []
    tops = nodes.compactMap(\.scalar?.text)
    guard let repetitions = values["repeat"] else {
      (copies, isSound) = (nil, true)
      return
    }
    // What could not be replaced was reported.
    guard !repetitions.mark.isUnknown else {
      (copies, isSound) = (1, false)
      return
    }
    guard case .value(let count) = Int.decode(repetitions, &diagnostics),
      (1...ModelFile.layerLimit).contains(count)
    else {
      diagnostics.error(
        "repeat: expected an integer from 1 to \(ModelFile.layerLimit), received "
          + repetitions.received, at: repetitions.mark)
      (copies, isSound) = (1, false)
      return
    }
    (copies, isSound) = (count, true)
  }
}
