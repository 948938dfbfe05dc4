/// One value of a document, with its position.
///
/// Aliases are expanded, and merge keys are merged. An expanded alias shares the storage and the
/// mark of its anchor's node. Mappings keep the order of the file. In a parsed mapping all keys are
/// scalars, and no two keys are equal.
package struct Node: Sendable {
  package enum Value: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping([Pair])
  }

  /// One `key: value` of a mapping.
  package struct Pair: Sendable {
    package var key: Node
    package var value: Node

    package init(key: Node, value: Node) {
      self.key = key
      self.value = value
    }
  }

  package var value: Value
  package var mark: Mark

  package init(_ value: Value, at mark: Mark = .none) {
    self.value = value
    self.mark = mark
  }

  /// A plain scalar outside any file, written as `text`.
  package static func plain(_ text: String) -> Node {
    Node(.scalar(Scalar(text: text, style: .plain)))
  }

  /// An integer outside any file.
  package static func integer(_ value: Int) -> Node { .plain(String(value)) }

  /// A text outside any file. It is quoted where YAML would read it as another type.
  package static func text(_ text: String) -> Node {
    let plain = Scalar(text: text, style: .plain)
    return Node(.scalar(plain.resolved == .text(text) ? plain : Scalar(text: text, style: .quoted)))
  }

  /// A mapping outside any file.
  package static func mapping(_ pairs: [(String, Node)]) -> Node {
    Node(.mapping(pairs.map { Pair(key: .text($0.0), value: $0.1) }))
  }

  package static func sequence(_ items: [Node]) -> Node { Node(.sequence(items)) }

  package var scalar: Scalar? {
    guard case .scalar(let scalar) = value else { return nil }
    return scalar
  }

  package var items: [Node]? {
    guard case .sequence(let items) = value else { return nil }
    return items
  }

  package var pairs: [Pair]? {
    guard case .mapping(let pairs) = value else { return nil }
    return pairs
  }

  /// The value at `key` of a mapping. Nil for any other node.
  package subscript(key: String) -> Node? {
    pairs?.first { $0.key.scalar?.text == key }?.value
  }

  /// True for `~`, `null` and an empty value.
  package var isNull: Bool { scalar?.resolved == .null }

  /// Describes a node of the right type in messages. It writes a short list in full: "[0.8, 0.2]".
  /// Other nodes are described as by ``received``.
  package var receivedValues: String {
    guard let items, !items.isEmpty, items.count <= 8 else { return received }
    let texts = items.compactMap { $0.scalar?.text }.map { $0.isEmpty ? "''" : $0 }
    let text = "[\(texts.joined(separator: ", "))]"
    return texts.count == items.count && text.utf8.count <= 200 ? text.escapingControls : received
  }

  /// Describes the node in messages: "'abc'", "a list of 3", "a mapping", "nothing".
  ///
  /// A quoted number is a text: "the text '5' (in quotes)". The value of an option may have a flaw,
  /// which is also named: "'[1' (a text, since this '[' is not closed)".
  package var received: String {
    if let scalar, let flaw = mark.source.option?.flaw {
      return "'\(scalar.text.quotable)' (a text, since \(flaw))"
    }
    return valueReceived
  }

  private var valueReceived: String {
    switch value {
    case .scalar(let scalar):
      scalar.resolved == .null
        ? "nothing"
        : scalar.hidesValue
          ? "the text '\(scalar.text.quotable)' (in quotes)" : "'\(scalar.text.quotable)'"
    case .sequence(let items): items.isEmpty ? "an empty list" : "a list of \(items.count)"
    case .mapping(let pairs): pairs.isEmpty ? "an empty mapping" : "a mapping"
    }
  }
}
