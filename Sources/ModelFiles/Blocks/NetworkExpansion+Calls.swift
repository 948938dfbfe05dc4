internal import Fields
internal import YAML

extension NetworkExpansion {
  /// Adds the layers of the block that an item calls.
  ///
  /// - Returns: the blob that stands for the call. Nil when the call is wrong, which has been
  ///   reported.
  mutating func expandCall(
    _ item: NetworkItem, _ copy: Copy, _ frame: Frame, _ diagnostics: inout Diagnostics
  ) throws(Stop) -> DefaultBlob? {
    guard let block = block(of: item, copy, frame, &diagnostics),
      let path = path(of: item, copy, frame, &diagnostics),
      let inputs = inputs(of: item, copy, block, &diagnostics)
    else { return lackingLayers() }
    let place = copy.index.map { ", where index is \($0)" } ?? ""
    let text = CopiedSource([
      Diagnostic.Note("in the block '\(block.name.quotable)', defined here", at: block.mark),
      Diagnostic.Note(
        "called here\(place)", at: frame.copy?.mark(item.node.mark) ?? item.node.mark),
    ])
    try spend(block.parameters.count, at: copy.mark, &diagnostics)
    guard let scope = scope(of: item, copy, block, frame, text, &diagnostics) else {
      return lackingLayers()
    }
    if isProbing {
      return item.tops.first.map { DefaultBlob(frame.prefix + $0 + item.suffix(copy.index)) }
    }
    calledBlocks.insert(block.name)
    var inner = Frame(scope: scope, prefix: "\(path)/", inputs: inputs, copy: text)
    var made = try expand(
      block.layers, &inner, from: inputs.first?.blob ?? copy.input, &diagnostics)
    if let output = block.output {
      guard checkOutput(of: block, inner, copy: text, &diagnostics) else { return lackingLayers() }
      made = DefaultBlob(inner.prefix + output.name)
    }
    made = made.map { names.final($0) }
    // A blob that the block makes gets the call's name. A blob that it passes on keeps its own
    // name.
    guard let name = made.name(in: nil), name.hasPrefix(inner.prefix), let top = item.tops.first
    else { return made }
    let target = DefaultBlob(frame.prefix + top + item.suffix(copy.index))
    names.set(name, to: target)
    return target
  }

  private mutating func lackingLayers() -> DefaultBlob? {
    lackLayers()
    return nil
  }

  /// Checks a call that `when` removes: the block's name and the names of its parameters.
  mutating func judgeCall(
    _ item: NetworkItem, _ copy: Copy, _ frame: Frame, _ diagnostics: inout Diagnostics
  ) {
    var copy = copy
    copy.scope.isGuarded = true
    guard let block = block(of: item, copy, frame, &diagnostics) else { return }
    _ = scope(of: item, copy, block, frame, CopiedSource([]), &diagnostics)
  }

  /// Returns whether the block's layers make its stated output. Reports a missing output.
  func checkOutput(
    of block: BlockDefinition, _ frame: Frame, copy: CopiedSource?, _ diagnostics: inout Diagnostics
  ) -> Bool {
    guard let output = block.output, !frame.blobs.contains(output.name) else { return true }
    diagnostics.error(
      "block '\(block.name.quotable)': output '\(output.name.quotable)' is not made by any of its "
        + "layers", at: copy?.mark(output.mark) ?? output.mark,
      suggestion: frame.blobNames.nearest(to: output.name))
    return false
  }

  private func block(
    of item: NetworkItem, _ copy: Copy, _ frame: Frame, _ diagnostics: inout Diagnostics
  ) -> BlockDefinition? {
    guard let stated = item.field("block") else { return nil }
    let node = Node(stated.value, at: copy.text?.mark(stated.mark) ?? stated.mark)
    if item.field("type") != nil {
      diagnostics.error(
        "\(item.subject): expected either 'type' or 'block', received both", at: node.mark)
      return nil
    }
    guard let name = node.scalar?.text else {
      diagnostics.error(
        "block: expected the name of a block, received \(node.received)", at: node.mark)
      return nil
    }
    switch blocks[name] {
    case .block(let block): return block
    case .broken: return nil
    case .unknown:
      // The table of blocks has already reported unknown calls within blocks.
      if frame.inputs == nil { blocks.reportUnknown(node, &diagnostics) }
      return nil
    }
  }

  /// Returns the call's name in the whole network.
  private func path(
    of item: NetworkItem, _ copy: Copy, _ frame: Frame, _ diagnostics: inout Diagnostics
  ) -> String? {
    let expected = "a name of 1 to 200 printable characters"
    guard let name = item.nameText else {
      diagnostics.error("call: 'name' is missing: expected \(expected)", at: copy.mark)
      return nil
    }
    let path = frame.prefix + name + item.suffix(copy.index)
    guard LayerHeader.layerName.allows(path), item.tops.count == 1 else {
      let message =
        item.tops.count == 1
        ? "name: expected \(expected), received '\(path.quotable)'"
        : "\(item.subject): expected 1 top, received \(item.tops.count)"
      let place = item.field(item.tops.count == 1 ? "name" : "top")?.mark ?? item.node.mark
      diagnostics.error(message, at: copy.text?.mark(place) ?? place)
      return nil
    }
    return path
  }

  /// Returns the blobs that the call passes to the block's inputs.
  private func inputs(
    of item: NetworkItem, _ copy: Copy, _ block: BlockDefinition, _ diagnostics: inout Diagnostics
  ) -> [(name: String, blob: DefaultBlob)]? {
    if copy.bottom != nil, copy.bottoms == nil {
      // The failed replacement of a text has been reported.
      if let bottom = copy.bottom, bottom.isKnown,
        bottom.pairs != nil || bottom.items?.isEmpty == false
      {
        diagnostics.error(
          "bottom: expected a list, each item a name, received \(bottom.received)", at: bottom.mark)
      }
      return nil
    }
    let blobs = copy.bottoms.map { $0.map(\.blob) } ?? [copy.input]
    guard blobs.count == block.inputs.count else {
      let names = block.inputs.map(\.quotable).joined(separator: ", ")
      let received = copy.bottoms.map { "\($0.count)" } ?? "none"
      diagnostics.error(
        "\(item.subject): block '\(block.name.quotable)' has \(block.inputs.count) "
          + "input\(block.inputs.count == 1 ? "" : "s") (\(names)): expected as many bottoms, "
          + "received \(received)", at: copy.bottom?.mark ?? copy.mark,
        notes: [Diagnostic.Note("the block is defined here", at: block.mark)])
      return nil
    }
    return zip(block.inputs, blobs).map { (name: $0, blob: $1) }
  }

  /// Returns the scope of the block's parameters with their values at the call. Nil when a value is
  /// wrong, or when a false condition removes the call.
  private mutating func scope(
    of item: NetworkItem, _ copy: Copy, _ block: BlockDefinition, _ frame: Frame,
    _ text: CopiedSource, _ diagnostics: inout Diagnostics
  ) -> Scope? {
    let names = block.parameters.map(\.name)
    let failures = substitution.failureCount
    let definition = [Diagnostic.Note("the block is defined here", at: block.mark)]
    var isFine = true
    var given: [String: Scope.Argument] = [:]
    for pair in item.pairs {
      let name = pair.key.scalar?.text ?? ""
      guard !BlockDefinition.callFields.contains(name) else { continue }
      guard names.contains(name) else {
        isFine = false
        let source = pair.key.mark.source.name
        let stated = item.pairs.filter { $0.key.mark.source.name == source }
          .compactMap { $0.key.scalar?.text }
        let free = (names + BlockDefinition.callFields).filter { !stated.contains($0) }
        diagnostics.error(
          "\(item.subject): block '\(block.name.quotable)' has no parameter '\(name.quotable)'",
          at: copy.text?.mark(pair.key.mark) ?? pair.key.mark,
          suggestion: free.nearest(to: name), notes: definition)
        continue
      }
      let value = substitution.replace(
        in: pair.value, copy.scope, copy: copy.text, depth: 4, &diagnostics)
      if !value.isNull { given[name] = Scope.Argument(value) }
    }
    let missing = block.parameters.filter { $0.value == nil && given[$0.name] == nil }
    if isFine, !missing.isEmpty {
      isFine = false
      let list = missing.map { "'\($0.name.quotable)'" }.joined(separator: ", ")
      diagnostics.error(
        "\(item.subject): block '\(block.name.quotable)' needs "
          + "\(missing.count == 1 ? "the parameter" : "the parameters") \(list)", at: copy.mark,
        notes: definition)
    }
    guard !copy.scope.isGuarded else { return nil }
    var scope = frame.scope.block(parameters: names)
    for parameter in block.parameters {
      if let value = given[parameter.name] {
        scope.define(parameter: parameter.name, value)
      } else if let value = parameter.value {
        let value = substitution.replace(in: value, scope, copy: text, depth: 4, &diagnostics)
        scope.define(parameter: parameter.name, Scope.Argument(value))
      }
    }
    return isFine && failures == substitution.failureCount ? scope : nil
  }
}
