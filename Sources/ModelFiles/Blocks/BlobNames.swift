internal import YAML

/// Which name of a blob stands for which other: what a block makes bears its call's name, and the top
/// of a layer that is not there is what the layer would have read.
struct BlobNames {
  private var meanings: [String: String] = [:]
  /// Names of what is another blob in each phase, so that none can be meant.
  private var ambiguous: Set<String> = []

  /// Makes `name` mean what stands somewhere.
  mutating func set(_ name: String, to blob: Standing) {
    guard let other = blob.map({ final($0) }).name(in: nil) else {
      ambiguous.insert(name)
      return
    }
    if other != name { meanings[name] = other }
  }

  /// What a name means in the end. Names that mean each other keep theirs: nothing makes them.
  mutating func final(_ name: String) -> String {
    guard meanings[name] != nil else { return name }
    var path: [String] = []
    var current = name
    while let next = meanings[current], next != current, path.count <= meanings.count {
      path.append(current)
      current = next
    }
    let isCycle = path.count > meanings.count
    // Long chains are followed once.
    for step in path { meanings[step] = isCycle ? step : current }
    return isCycle ? name : current
  }

  /// The layer with every blob's final name.
  mutating func renamed(_ layer: Node, _ diagnostics: inout Diagnostics) -> Node {
    guard !meanings.isEmpty || !ambiguous.isEmpty, var pairs = layer.pairs else { return layer }
    for index in pairs.indices {
      guard let key = pairs[index].key.scalar?.text, key == "bottom" || key == "top" else {
        continue
      }
      if key == "bottom" { reportAmbiguous(pairs[index].value, &diagnostics) }
      pairs[index].value = pairs[index].value.mapNames { final($0) }
    }
    if layer["top"].map(\.isNull) ?? true, let name = layer["name"], let text = name.scalar?.text,
      final(text) != text
    {
      pairs.removeAll { $0.key.scalar?.text == "top" }
      pairs.append(
        Node.Pair(
          key: Node(Node.text("top").value, at: name.mark), value: name.mapNames { final($0) }))
    }
    return Node(.mapping(pairs), at: layer.mark)
  }

  private func reportAmbiguous(_ bottom: Node, _ diagnostics: inout Diagnostics) {
    for node in bottom.items ?? [bottom] {
      guard let name = node.scalar?.text, ambiguous.contains(name) else { continue }
      diagnostics.error(
        "bottom '\(name.quotable)' is another blob in each phase: expected the name of a layer",
        at: node.mark)
    }
  }
}

extension Node {
  /// The node with another text in its scalars: a name, or a list of names.
  func mapNames(_ change: (String) -> String) -> Node {
    switch value {
    case .scalar(let scalar):
      let text = change(scalar.text)
      guard text != scalar.text else { return self }
      return Node(.scalar(Scalar(text: text, style: .quoted)), at: mark)
    case .sequence(let items): return Node(.sequence(items.map { $0.mapNames(change) }), at: mark)
    case .mapping: return self
    }
  }
}
