internal import DataFiles
internal import DataSources
internal import Fields
internal import Layers
internal import YAML

extension NetworkExpansion {
  /// A blob that an item's `bottom` names.
  struct Bottom {
    /// The name as the file states it.
    let name: String
    let mark: Mark
    var blob: DefaultBlob
  }

  /// One copy of a repeated item, or the single copy of an item without `repeat`.
  struct Copy {
    /// The number of the copy. Nil for an item without `repeat`.
    let index: Int?
    var scope: Scope
    let text: CopiedSource?
    let mark: Mark
    /// The only phase that contains the copy. Nil for both phases.
    let phase: DataPhase?
    /// A default layer of the item's type. Nil for a call and for an unknown type.
    let sample: (any Layer)?
    /// The value of `bottom`. Nil when it is not stated.
    let bottom: Node?
    /// The blobs that `bottom` names. Nil when `bottom` is not stated or does not list names.
    var bottoms: [Bottom]?
    /// The first blob that the copy reads.
    var input: DefaultBlob

    /// Whether `metric` makes the top of the copy a metric.
    let isReported: Bool

    var isScoring: Bool { sample?.kind.scoring != nil }
    /// Whether the next layer ignores the top by default, because it is a loss or metric.
    var isLeaf: Bool { isScoring || isReported }
  }

  /// Adds the layers of an item, once for each copy.
  ///
  /// - Returns: the blob that the next layer reads by default.
  mutating func expand(
    _ item: NetworkItem, _ frame: Frame, from before: DefaultBlob, _ diagnostics: inout Diagnostics
  ) throws(Stop) -> DefaultBlob {
    var after = before
    /// The number of the last copy that made a new blob.
    var maker: Int?
    var makesBlobs = false
    for number in 0..<(isProbing ? 1 : item.copies ?? 1) {
      var copy = copy(item.copies.map { _ in number }, of: item, frame, before, &diagnostics)
      try spend(16, at: copy.mark, &diagnostics)
      // Each copy reads the previous one.
      if number > 0, !copy.isLeaf {
        copy.input = after
        if copy.bottoms?.isEmpty == false { copy.bottoms?[0].blob = after }
      }
      var made: DefaultBlob?
      switch (isPresent(item, copy, &diagnostics), item.isCall) {
      case (true, true): made = try expandCall(item, copy, frame, &diagnostics)
      case (true, false): made = try addLayer(item, copy, frame, &diagnostics)
      case (false, true): judgeCall(item, copy, frame, &diagnostics)
      case (false, false): judgeLayer(item, copy, frame, &diagnostics)
      }
      guard !copy.isLeaf else { continue }
      makesBlobs = true
      if made?.name(in: nil).map({ isOwn($0, item, copy, frame) }) == true { maker = number }
      after = after.replaced(by: made ?? copy.input, in: copy.phase)
    }
    guard makesBlobs else { return after }
    for top in item.tops {
      if maker == nil {
        names.set(frame.prefix + top, to: after)
      } else if let maker, item.copies != nil {
        names.set(frame.prefix + top + item.suffix(maker), to: DefaultBlob(frame.prefix + top))
      }
    }
    return after
  }

  /// Returns whether the copy makes a blob itself. Otherwise it passes on a blob that it reads.
  private func isOwn(
    _ blob: String, _ item: NetworkItem, _ copy: Copy, _ frame: Frame
  ) -> Bool {
    item.tops.contains { blob == frame.prefix + $0 + item.suffix(copy.index) }
  }

  // MARK: Copies

  private mutating func copy(
    _ index: Int?, of item: NetworkItem, _ frame: Frame, _ before: DefaultBlob,
    _ diagnostics: inout Diagnostics
  ) -> Copy {
    var (scope, text) = (frame.scope, frame.copy)
    if let index {
      scope.index = index
      let mark = item.field("repeat")?.mark ?? item.node.mark
      text = CopiedSource([
        Diagnostic.Note("where index is \(index)", at: frame.copy?.mark(mark) ?? mark)
      ])
    }
    func value(_ name: String) -> Node? {
      item.field(name).map {
        substitution.replace(in: $0, scope, copy: text, depth: 4, &diagnostics)
      }.flatMap { $0.isNull ? nil : $0 }
    }
    let type = value("type")?.scalar?.text ?? ""
    let entry = item.isCall ? nil : LayerCatalog.all.entry(named: type)
    let bottom = value("bottom")
    let bottoms = bottom.flatMap { $0.isKnown ? self.bottoms($0, frame, &diagnostics) : nil }
    return Copy(
      index: index, scope: scope, text: text, mark: text?.mark(item.node.mark) ?? item.node.mark,
      phase: value("phase")?.scalar.flatMap { DataPhase(rawValue: $0.text) },
      sample: entry.flatMap { $0.type.init() as? any Layer }, bottom: bottom, bottoms: bottoms,
      input: bottoms?.first?.blob ?? before, isReported: entry != nil && value("metric") != nil)
  }

  /// Returns the blobs that the names in a `bottom` refer to. Nil when it does not list names.
  private func bottoms(
    _ node: Node, _ frame: Frame, _ diagnostics: inout Diagnostics
  ) -> [Bottom]? {
    var bottoms: [Bottom] = []
    for item in node.items ?? [node] {
      guard let name = item.scalar?.text, !item.isNull else { return nil }
      let blob = frame.blob(name)
      if blob == nil, !frame.lacksNames {
        diagnostics.error(
          "bottom '\(name.quotable)' is not a layer, call or input of the block (its inputs: "
            + (frame.inputs ?? []).map(\.name).joined(separator: ", ") + ")", at: item.mark,
          suggestion: frame.knownNames.nearest(to: name))
      }
      bottoms.append(
        Bottom(name: name, mark: item.mark, blob: blob ?? DefaultBlob(frame.prefix + name)))
    }
    return bottoms
  }

  /// Evaluates `when`.
  private mutating func isPresent(
    _ item: NetworkItem, _ copy: Copy, _ diagnostics: inout Diagnostics
  ) -> Bool {
    guard let node = item.field("when") else { return true }
    let value = substitution.replace(in: node, copy.scope, copy: copy.text, &diagnostics)
    // The failed replacement has been reported.
    guard !value.mark.isUnknown else {
      lackLayers()
      return isProbing
    }
    if case .value(let isPresent) = Bool.decode(value, &diagnostics) { return isPresent }
    lackLayers()
    diagnostics.error(
      "when: expected true or false, received \(value.received)", at: value.mark)
    return false
  }

  // MARK: One layer

  /// Adds one layer.
  ///
  /// - Returns: the blob that the next layer reads by default.
  private mutating func addLayer(
    _ item: NetworkItem, _ copy: Copy, _ frame: Frame, _ diagnostics: inout Diagnostics
  ) throws(Stop) -> DefaultBlob? {
    var pairs = fields(of: item, copy, frame, &diagnostics)
    if copy.bottom == nil, let value = defaultBottom(of: item, copy, &diagnostics) {
      pairs.removeAll { $0.key.scalar?.text == "bottom" }
      pairs.append(Node.Pair(key: Node(Node.text("bottom").value, at: copy.mark), value: value))
    }
    try add(Node(.mapping(pairs), at: copy.mark), &diagnostics)
    let top = item.tops.last.map { frame.prefix + $0 + item.suffix(copy.index) }
    last = DefaultBlob.after(last, top: top, isLeaf: copy.isLeaf, in: copy.phase) ?? last
    return copy.isLeaf ? nil : top.map { DefaultBlob($0) }
  }

  /// Keeps the fields of a layer that `when` removes, so that they are checked.
  ///
  /// Fields that use variables or parameters are not checked: their values may be the reason for
  /// the removal.
  private mutating func judgeLayer(
    _ item: NetworkItem, _ copy: Copy, _ frame: Frame, _ diagnostics: inout Diagnostics
  ) {
    var copy = copy
    copy.scope.isGuarded = true
    let fields = fields(of: item, copy, frame, &diagnostics)
    addAbsent(Node(.mapping(fields), at: copy.mark))
  }

  /// Returns the mapping of a layer with full names, such as `stage2/0/conv1`. A default bottom is
  /// not added.
  private mutating func fields(
    of item: NetworkItem, _ copy: Copy, _ frame: Frame, _ diagnostics: inout Diagnostics
  ) -> [Node.Pair] {
    let own = ["name", "top", "bottom", "block", "repeat", "when"]
    let others = item.pairs.filter { !own.contains($0.key.scalar?.text ?? "") }
    let replaced = substitution.replace(
      in: Node(.mapping(others), at: item.node.mark), copy.scope, copy: copy.text, depth: 3,
      &diagnostics)
    var pairs: [Node.Pair] = []
    for pair in item.pairs {
      var value: Node?
      switch pair.key.scalar?.text {
      case "name": value = item.name?.copied(from: pair.value, to: copy.text) ?? pair.value
      case "top": value = item.top?.copied(from: pair.value, to: copy.text) ?? pair.value
      case "bottom":
        value = copy.scope.isGuarded ? copy.bottom : bottom(of: item, copy, &diagnostics)
      default: continue
      }
      guard var value else { continue }
      if pair.key.scalar?.text != "bottom", !value.isNull {
        value = value.mapNames { frame.prefix + $0 + item.suffix(copy.index) }
      }
      let key = pair.key.copied(from: pair.key, to: copy.text)
      pairs.append(Node.Pair(key: key, value: value))
    }
    for (pair, original) in zip(replaced.pairs ?? [], others) {
      var pair = pair
      if pair.key.scalar?.text == "param" {
        pair.value = pair.value.prefixingNames(frame.prefix, asStatedIn: original.value)
      }
      pairs.append(pair)
    }
    return pairs
  }

  /// Returns the stated `bottom` with full names.
  private func bottom(
    of item: NetworkItem, _ copy: Copy, _ diagnostics: inout Diagnostics
  ) -> Node? {
    guard let stated = copy.bottom, let bottoms = copy.bottoms else { return copy.bottom }
    var nodes: [Node] = []
    for bottom in bottoms {
      if item.copies != nil, item.tops.contains(bottom.name) {
        diagnostics.error(
          "\(item.subject): expected a top that is not a bottom, since each copy has its own, "
            + "received '\(bottom.name.quotable)'", at: bottom.mark)
      }
      guard let name = bottom.blob.name(in: copy.phase) else {
        diagnostics.error(
          "\(item.subject): bottom '\(bottom.name.quotable)' is a different blob in each phase: "
            + "expected the name of a layer", at: bottom.mark)
        return stated
      }
      nodes.append(Node(Node.text(name).value, at: bottom.mark))
    }
    return stated.items == nil && nodes.count == 1
      ? nodes[0] : Node(.sequence(nodes), at: stated.mark)
  }

  /// Returns the default bottoms of a layer without `bottom`. Nil when the layer has the same
  /// default bottoms in the expanded list.
  private mutating func defaultBottom(
    of item: NetworkItem, _ copy: Copy, _ diagnostics: inout Diagnostics
  ) -> Node? {
    // An unknown type gets the default of most layers.
    let layer = copy.sample ?? UnreadLayer()
    if DefaultBlob.bottoms(of: layer, after: "").isEmpty { return nil }
    let (wanted, given) = (copy.input.map { names.final($0) }, last)
    let current = given.map { names.final($0) }
    let phases = copy.phase.map { [$0] } ?? [.train, .test]
    if phases.allSatisfy({ wanted.name(in: $0) == current.name(in: $0) }) { return nil }
    guard let name = wanted.name(in: copy.phase) else {
      diagnostics.error(
        "\(item.subject): the previous blob differs between the phases: expected a bottom",
        at: copy.mark)
      return nil
    }
    let bottoms = DefaultBlob.bottoms(of: layer, after: name)
    return Node(
      .sequence(bottoms.map { Node(Node.text($0).value, at: copy.mark) }), at: copy.mark)
  }
}

extension NetworkExpansion.Frame {
  /// Returns the blob that a bottom's name refers to in the list. Nil for a name that a block
  /// cannot read.
  fileprivate func blob(_ name: String) -> DefaultBlob? {
    guard inputs != nil else { return DefaultBlob(name) }
    if let input = inputBlobs[name] { return input }
    if blobs.contains(name) { return DefaultBlob(prefix + name) }
    if BlockDefinition.dataNames.contains(name) { return DefaultBlob(name) }
    return pathNames.contains { name.hasPrefix("\($0)/") } ? DefaultBlob(prefix + name) : nil
  }

  fileprivate var knownNames: [String] {
    blobNames + (inputs ?? []).map(\.name) + BlockDefinition.dataNames
  }
}

extension Node {
  /// Returns the node with the mark that `original` has in the copy.
  fileprivate func copied(from original: Node, to copy: CopiedSource?) -> Node {
    mark.isUnknown ? self : Node(value, at: copy?.mark(original.mark) ?? original.mark)
  }

  /// Returns a `param` with a prefix before its names, so that two calls of a block do not share
  /// parameters by accident. A name that the block received through `$(…)` stays unchanged.
  ///
  /// - Parameter stated: the same node before replacement.
  fileprivate func prefixingNames(_ prefix: String, asStatedIn stated: Node) -> Node {
    switch (value, stated.value) {
    case (.sequence(let items), .sequence(let statedItems)):
      return Node(
        .sequence(zip(items, statedItems).map { $0.prefixingNames(prefix, asStatedIn: $1) }),
        at: mark)
    case (.mapping(var pairs), .mapping):
      for index in pairs.indices where pairs[index].key.scalar?.text == "name" {
        guard let text = stated["name"]?.scalar?.text, !text.contains("$("),
          !pairs[index].value.isNull
        else { continue }
        pairs[index].value = pairs[index].value.mapNames { prefix + $0 }
      }
      return Node(.mapping(pairs), at: mark)
    default: return self
    }
  }
}
