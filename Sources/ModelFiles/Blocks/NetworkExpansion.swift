internal import YAML

/// Makes the plain list of layers that a network of blocks and repeated layers stands for.
///
/// Names in a block get the call's path: `stage2/0/conv1` is layer `conv1` in copy 0 of the call
/// `stage2`. So they meet no others: a layer of a block reads layers of the block, the block's inputs,
/// `data` and `label`. What a call makes bears the call's own name, and what a repeated layer or call
/// makes in its last copy the name without a number.
///
/// Expansion is over when a limit is passed, and there are limits on all that it makes and does, so
/// that no network of blocks takes more than a moment.
struct NetworkExpansion {
  /// A list of layers: the network, or the layers of a block at one call.
  struct Frame {
    var scope: Scope
    /// What comes before its names: `stage2/0/`.
    let prefix: String
    /// What its inputs are; nil for the network itself, which reads any name.
    let inputs: [(name: String, blob: Standing)]?
    /// The same by name.
    let inputBlobs: [String: Standing]
    /// The nodes' copy; nil for the network itself.
    let copy: TextCopy?
    /// The blobs of its own, and the same in their order.
    var blobs: Set<String> = []
    var blobNames: [String] = []
    /// The names of its calls and repeated layers.
    var pathNames: Set<String> = []
    /// True where a name of its own could not be told, and that was reported: any name may be one.
    var lacksNames = false

    init(
      scope: Scope, prefix: String, inputs: [(name: String, blob: Standing)]?, copy: TextCopy?
    ) {
      self.scope = scope
      self.prefix = prefix
      self.inputs = inputs
      self.copy = copy
      inputBlobs = Dictionary(
        (inputs ?? []).map { ($0.name, $0.blob) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Ends the expansion; the reason is reported.
  struct Stop: Error {}

  let blocks: BlockTable
  var substitution: Substitution
  private(set) var layers: [Node] = []
  /// Layers that the network does not have, though their fields can be judged: those that `when`
  /// leaves out, and those of blocks that nothing calls.
  private(set) var absentLayers: [Node] = []
  /// Where they stand: each is judged once.
  private var absentPlaces: Set<String> = []
  /// The blocks that some call made layers of.
  var calledBlocks: Set<String> = []
  /// True where the list lacks a layer that was wrong, so that nothing can be said of how the others
  /// fit together.
  private(set) var lacksLayers = false
  /// True while a block that nothing calls is looked at: no call in it is followed.
  private(set) var isProbing = false
  var names = BlobNames()
  /// The blob that a layer without `bottom` reads if it comes next in the list that is made.
  var last = Standing.first
  /// Steps that were taken: a field looked at is one.
  private var work = 0

  init(blocks: BlockTable, substitution: Substitution) {
    self.blocks = blocks
    self.substitution = substitution
    self.substitution.countsNodes = true
  }

  /// The list for a network's items. Where mistakes were found it lacks what they are about.
  mutating func expand(
    _ items: [Node], _ scope: Scope, _ diagnostics: inout Diagnostics
  ) -> [Node] {
    var frame = Frame(scope: scope, prefix: "", inputs: nil, copy: nil)
    do throws(Stop) {
      _ = try expand(items, &frame, from: Standing.first, &diagnostics)
    } catch {
      lacksLayers = true
      return []
    }
    return layers.map { names.renamed($0, &diagnostics) }
  }

  /// Adds the layers of a list.
  ///
  /// - Parameter before: what its first layer reads by default.
  /// - Returns: what a layer after it would read.
  mutating func expand(
    _ nodes: [Node], _ frame: inout Frame, from before: Standing,
    _ diagnostics: inout Diagnostics
  ) throws(Stop) -> Standing {
    let items = try items(nodes, &frame, &diagnostics)
    var before = before
    for item in items {
      switch item {
      case .other(let node): try add(node, &diagnostics)
      case .item(let item): before = try expand(item, frame, from: before, &diagnostics)
      }
    }
    return before
  }

  private enum Entry {
    /// No mapping, which is somebody else's to report.
    case other(Node)
    case item(NetworkItem)
  }

  /// Reads the entries of a list and makes their names known.
  private mutating func items(
    _ nodes: [Node], _ frame: inout Frame, _ diagnostics: inout Diagnostics
  ) throws(Stop) -> [Entry] {
    var entries: [Entry] = []
    var marks: [String: (mark: Mark, isPath: Bool)] = [:]
    for node in nodes {
      let mark = frame.copy?.mark(node.mark) ?? node.mark
      guard let pairs = node.pairs else {
        entries.append(
          .other(substitution.replace(in: node, frame.scope, copy: frame.copy, &diagnostics)))
        continue
      }
      try spend(1 + pairs.count, at: mark, &diagnostics)
      let item = NetworkItem(node, pairs, in: frame, &substitution, &diagnostics)
      if !item.isSound { lacksLayers = true }
      if item.hasUnknownNames { frame.lacksNames = true }
      let isPath = item.isCall || item.copies != nil
      if let name = item.nameText, !item.hasUnknownNames {
        if let first = marks[name], isPath || first.isPath {
          diagnostics.error(
            "\(item.subject) is there twice", at: mark,
            notes: [Diagnostic.Note("the first is here", at: first.mark)])
          lacksLayers = true
          continue
        }
        marks[name] = marks[name] ?? (mark, isPath)
        if isPath { frame.pathNames.insert(name) }
      }
      guard checkNames(item, frame, at: mark, &diagnostics) else {
        lacksLayers = true
        continue
      }
      frame.blobs.formUnion(item.tops)
      frame.blobNames += item.tops
      entries.append(.item(item))
    }
    return entries
  }

  /// Within a block, the names of inputs and of the data mean those.
  private func checkNames(
    _ item: NetworkItem, _ frame: Frame, at mark: Mark, _ diagnostics: inout Diagnostics
  ) -> Bool {
    guard let inputs = frame.inputs else { return true }
    for name in item.tops + [item.nameText ?? ""] {
      let isInput = inputs.contains { $0.name == name }
      guard isInput || BlockDefinition.dataNames.contains(name) else { continue }
      diagnostics.error(
        "\(item.subject): '\(name.quotable)' is the name of "
          + (isInput ? "an input of the block" : "the data") + ": expected another name",
        at: mark)
      return false
    }
    return true
  }

  /// Judges the blocks that nothing calls, as calls would make them that state no more than they
  /// must: with the defaults of their parameters, and values that are not known for the others.
  mutating func judgeUncalled(_ scope: Scope, _ diagnostics: inout Diagnostics) {
    for name in blocks.names where !calledBlocks.contains(name) {
      guard let block = blocks.judged(name), substitution.isWithinLimits else { continue }
      var probe = self
      probe.isProbing = true
      (probe.layers, probe.names, probe.work) = ([], BlobNames(), 0)
      (probe.last, probe.absentLayers) = (Standing.first, [])
      // One owner, so that nothing is copied for each block.
      absentPlaces = []
      var found = Diagnostics()
      probe.judge(block, scope, &found)
      absentPlaces = probe.absentPlaces
      substitution = probe.substitution
      // What only a limit ends is no mistake: nothing makes so many layers.
      guard substitution.isWithinLimits else { return }
      // The names in its texts were looked at with the block.
      if found.hasErrors { diagnostics.mergeNewPlaces(of: found) }
      absentLayers += probe.absentLayers
      absentLayers += probe.layers
    }
  }

  private mutating func judge(
    _ block: BlockDefinition, _ scope: Scope, _ diagnostics: inout Diagnostics
  ) {
    var inner = scope.block(parameters: block.parameters.map(\.name))
    for parameter in block.parameters {
      let value = parameter.value.map {
        Scope.Argument(substitution.replace(in: $0, inner, depth: 4, &diagnostics))
      }
      inner.define(parameter: parameter.name, value ?? .unknown)
    }
    let inputs = block.inputs.map { (name: $0, blob: Standing($0)) }
    var frame = Frame(scope: inner, prefix: "", inputs: inputs, copy: nil)
    do throws(Stop) {
      _ = try expand(
        block.layers, &frame, from: inputs.first?.blob ?? Standing.first, &diagnostics)
    } catch {
      return
    }
    _ = checkOutput(of: block, frame, copy: nil, &diagnostics)
  }

  /// Keeps a layer that is not there, to be judged.
  mutating func addAbsent(_ layer: Node) {
    guard absentLayers.count < ModelFile.layerLimit,
      absentPlaces.insert(layer.mark.description).inserted
    else { return }
    absentLayers.append(layer)
  }

  /// Notes that a layer is missing for a mistake that was reported.
  mutating func lackLayers() { lacksLayers = true }

  // MARK: Limits

  /// Counts what is looked at, since copies that make no layer take time too.
  mutating func spend(
    _ steps: Int, at mark: Mark, _ diagnostics: inout Diagnostics
  ) throws(Stop) {
    guard substitution.isWithinLimits else { throw Stop() }
    work += steps
    guard work > Limits.nodes else { return }
    guard !isProbing else { throw Stop() }
    diagnostics.error("more than \(Limits.nodes) steps to expand the blocks", at: mark)
    throw Stop()
  }

  mutating func add(_ layer: Node, _ diagnostics: inout Diagnostics) throws(Stop) {
    guard layers.count < ModelFile.layerLimit || isProbing else {
      diagnostics.error(
        "network: more than \(ModelFile.layerLimit) layers once blocks and 'repeat' are expanded",
        at: layer.mark)
      throw Stop()
    }
    guard substitution.isWithinLimits else { throw Stop() }
    layers.append(layer)
  }
}
