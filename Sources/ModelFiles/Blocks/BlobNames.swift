internal import YAML

/// Resolves blob names that stand for other blobs.
///
/// The output of a block gets the name of its call. The top of an absent layer refers to the blob
/// that the layer would have read.
struct BlobNames {
  private var meanings: [String: String] = [:]
  /// Names that refer to a different blob in each phase. No layer can read them.
  private var ambiguous: Set<String> = []

  /// Makes `name` refer to a blob.
  mutating func set(_ name: String, to blob: DefaultBlob) {
    guard let other = blob.map({ final($0) }).name(in: nil) else {
      ambiguous.insert(name)
      return
    }
    if other != name { meanings[name] = other }
  }

  /// Returns the name of the blob that a name stands for, also through a chain of names. Names in a
  /// cycle stay unchanged, because no layer makes their blobs.
  mutating func final(_ name: String) -> String {
    guard meanings[name] != nil else { return name }
    var path: [String] = []
    var current = name
    while let next = meanings[current], next != current, path.count <= meanings.count {
      path.append(current)
      current = next
    }
    let isCycle = path.count > meanings.count
    // Compresses the path, so that a long chain is followed only once.
    for step in path { meanings[step] = isCycle ? step : current }
    return isCycle ? name : current
  }

  /// Returns the layer with every blob name resolved.
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
        "bottom '\(name.quotable)' is a different blob in each phase: expected the name of a layer",
        at: node.mark)
    }
  }
}

extension Node {
  /// Returns the node with `change` applied to its scalars: a name, or a list of names.
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
