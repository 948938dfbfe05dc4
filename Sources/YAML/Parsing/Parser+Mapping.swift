extension Parser {
  mutating func mapping(at mark: Mark, depth: Int) throws(Stop) -> Subtree {
    var pairs: [Node.Pair] = []
    var keys = KeyTable()
    var merge: Merge?
    var height = 0
    while true {
      let (event, keyMark) = try next()
      if case .mappingEnd = event {
        if let merge { pairs = merged(pairs, merge, &keys) }
        return Subtree(node: Node(.mapping(pairs), at: mark), height: height + 1)
      }
      let key = try subtree(event, at: keyMark, depth: depth + 1)
      let (valueEvent, valueMark) = try next()
      let value = try subtree(valueEvent, at: valueMark, depth: depth + 1)
      height = max(height, key.height, value.height)
      if event.isMergeKey {
        if let merge {
          reportDuplicate("<<", at: keyMark, first: merge.mark)
        } else {
          merge = Merge(
            place: pairs.count, mark: keyMark, sources: sources(of: value.node, at: valueMark))
        }
      } else if let scalar = scalarKey(key.node, at: keyMark) {
        if let first = keys.insert(scalar.text, keyAt: { pairs[$0].key.scalar?.text }) {
          reportDuplicate(scalar.text, at: keyMark, first: pairs[first].key.mark)
        } else {
          // The wrong value is already reported. Its key still counts as present.
          pairs.append(
            Node.Pair(
              key: Node(.scalar(scalar), at: keyMark),
              value: value.node ?? Node(Node.plain("").value, at: valueMark)))
        }
      }
    }
  }

  private mutating func scalarKey(_ key: Node?, at mark: Mark) -> Scalar? {
    guard let key else { return nil }
    guard let scalar = key.scalar else {
      report(Diagnostic("a key must be a single value, received \(key.received)", at: mark))
      return nil
    }
    // All spellings of null are one key.
    return scalar.resolved == .null ? Scalar(text: "~", style: .plain) : scalar
  }

  private mutating func reportDuplicate(_ key: String, at mark: Mark, first: Mark) {
    report(
      Diagnostic(
        "duplicate key '\(key.quotable)'", at: mark,
        notes: [Diagnostic.Note("the first one is here", at: first)]))
  }
}

/// `<<: *defaults`, or `<<: [*first, *second]`.
private struct Merge {
  /// The number of pairs before the merge key.
  let place: Int
  let mark: Mark
  let sources: [[Node.Pair]]
}

extension Parser {
  /// The mappings from which a merge key takes pairs.
  private mutating func sources(of value: Node?, at mark: Mark) -> [[Node.Pair]] {
    // The wrong value was already reported.
    guard let value else { return [] }
    if let pairs = value.pairs { return [pairs] }
    guard let items = value.items else {
      report(
        Diagnostic(
          "a merge key '<<' takes a mapping or a list of mappings, received \(value.received)",
          at: mark))
      return []
    }
    var sources: [[Node.Pair]] = []
    for item in items {
      if let pairs = item.pairs {
        sources.append(pairs)
      } else {
        // The item may be an alias. Then its node has the mark of the anchor.
        report(
          Diagnostic(
            "a merge key '<<' takes a mapping or a list of mappings; received \(item.received) in "
              + "the list", at: mark,
            notes: [Diagnostic.Note("this is not a mapping", at: item.mark)]))
      }
    }
    return sources
  }

  /// Inserts the merged pairs at the place of the merge key. Of equal keys, the mapping's own key
  /// has priority, and then the key of the earlier source.
  private func merged(
    _ pairs: [Node.Pair], _ merge: Merge, _ keys: inout KeyTable
  ) -> [Node.Pair] {
    var taken: [Node.Pair] = []
    for pair in merge.sources.joined() {
      guard let key = pair.key.scalar?.text else { continue }
      let equal = keys.insert(key) { place in
        (place < pairs.count ? pairs[place] : taken[place - pairs.count]).key.scalar?.text
      }
      if equal == nil { taken.append(pair) }
    }
    var merged = pairs
    merged.insert(contentsOf: taken, at: merge.place)
    return merged
  }
}

extension Event {
  /// Whether the event is a `<<` that is neither quoted nor tagged.
  fileprivate var isMergeKey: Bool {
    guard case .scalar(let scalar, let properties) = self else { return false }
    return scalar.style == .plain && scalar.text == "<<" && properties.tag == nil
  }
}
