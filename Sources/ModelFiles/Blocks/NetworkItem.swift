internal import Fields
internal import YAML

/// One entry of a list of layers: a layer or a call, with the fields that are needed before copies
/// are made.
struct NetworkItem {
  /// The entry as the file states it.
  let node: Node
  let pairs: [Node.Pair]
  /// The stated name, without the prefix of the list.
  let name: Node?
  let top: Node?
  /// The names of the blobs that it makes, without the prefix of the list. By default this is the
  /// name of the item.
  let tops: [String]
  /// The number of copies that `repeat` requests. Nil when it is not stated.
  let copies: Int?
  /// False when the number of copies is unknown, which has been reported. One copy is then made, so
  /// that its fields are checked.
  let isSound: Bool

  /// Returns the value of a stated field. Nil for null.
  func field(_ name: String) -> Node? {
    pairs.first { $0.key.scalar?.text == name }.flatMap { $0.value.isNull ? nil : $0.value }
  }

  var isCall: Bool { field("block") != nil }

  var nameText: String? { name?.scalar?.text }

  /// Whether a text in its name or tops could not be replaced. The failure has been reported.
  var hasUnknownNames: Bool { !(name?.isKnown ?? true) || !(top?.isKnown ?? true) }

  /// The phrase that names the item in messages.
  var subject: String {
    let kind = isCall ? "call" : "layer"
    return nameText.map { "\(kind) '\($0.quotable)'" } ?? kind
  }

  /// Returns the suffix of its names in a copy.
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
    // The failed replacement has been reported.
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
