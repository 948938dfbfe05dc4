internal import YAML

/// Expands blocks and repeated layers into a plain list of layers.
///
/// Names in a block get the call's path: `stage2/0/conv1` is layer `conv1` in copy 0 of the call
/// `stage2`. So they cannot clash with other names. A layer of a block can read only layers of the
/// block, the block's inputs, `data` and `label`. The output of a call has the call's own name. The
/// last copy of a repeated layer or call also gets the name without a number.
///
/// Expansion ends at the first exceeded limit. The numbers of all layers, nodes and steps have
/// limits, so that every expansion takes only a moment.
struct NetworkExpansion {
  /// A list of layers: the network, or the layers of a block at one call.
  struct Frame {
    var scope: Scope
    /// The prefix of its names: `stage2/0/`.
    let prefix: String
    /// The blobs of its inputs. Nil for the network itself, which may read any name.
    let inputs: [(name: String, blob: DefaultBlob)]?
    /// The blobs of its inputs, by name.
    let inputBlobs: [String: DefaultBlob]
    /// The copy that contains the nodes. Nil for the network itself.
    let copy: CopiedSource?
    /// The blobs that its items make, as a set and in order.
    var blobs: Set<String> = []
    var blobNames: [String] = []
    /// The names of its calls and repeated layers.
    var pathNames: Set<String> = []
    /// True when the name of an item is unknown, which has been reported. An undefined name may
    /// then refer to that item.
    var lacksNames = false

    init(
      scope: Scope, prefix: String, inputs: [(name: String, blob: DefaultBlob)]?,
      copy: CopiedSource?
    ) {
      self.scope = scope
      self.prefix = prefix
      self.inputs = inputs
      self.copy = copy
      inputBlobs = Dictionary(
        (inputs ?? []).map { ($0.name, $0.blob) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Ends the expansion. The reason has been reported.
  struct Stop: Error {}

  let blocks: BlockTable
  var substitution: Substitution
  private(set) var layers: [Node] = []
  /// Layers outside the network whose fields can be checked: layers that `when` removes, and layers
  /// of blocks that are never called.
  private(set) var absentLayers: [Node] = []
  /// The places of the absent layers, so that each is checked once.
  private var absentPlaces: Set<String> = []
  /// The blocks whose layers a call has added.
  var calledBlocks: Set<String> = []
  /// True when a wrong layer is missing from the list. The connections of the other layers cannot
  /// be checked.
  private(set) var lacksLayers = false
  /// True while an uncalled block is checked. Calls in it are not expanded.
  private(set) var isProbing = false
  var names = BlobNames()
  /// The blob that a layer without `bottom` would read at the end of the expanded list.
  var last = DefaultBlob.first
  /// The number of steps so far. Reading one field is one step.
  private var work = 0

  init(blocks: BlockTable, substitution: Substitution) {
    self.blocks = blocks
    self.substitution = substitution
    self.substitution.countsNodes = true
  }

  /// Returns the list of layers for a network's items. Wrong items are missing from it.
  mutating func expand(
    _ items: [Node], _ scope: Scope, _ diagnostics: inout Diagnostics
  ) -> [Node] {
    var frame = Frame(scope: scope, prefix: "", inputs: nil, copy: nil)
    do throws(Stop) {
      _ = try expand(items, &frame, from: DefaultBlob.first, &diagnostics)
    } catch {
      lacksLayers = true
      return []
    }
    return layers.map { names.renamed($0, &diagnostics) }
  }

  /// Adds the layers of a list.
  ///
  /// - Parameter before: the blob that the first layer reads by default.
  /// - Returns: the blob that the next layer would read by default.
  mutating func expand(
    _ nodes: [Node], _ frame: inout Frame, from before: DefaultBlob,
    _ diagnostics: inout Diagnostics
  ) throws(Stop) -> DefaultBlob {
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
    /// A node that is not a mapping. The reader of the layers reports it.
    case other(Node)
    case item(NetworkItem)
  }

  /// Reads the entries of a list and registers their names.
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
            "duplicate \(item.isCall ? "call" : "layer") name '\(name.quotable)'", at: mark,
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

  /// Reports an item in a block that takes the name of an input or of the data.
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

  /// Checks the blocks that are never called. Parameters have their defaults, and required
  /// parameters are unknown.
  mutating func checkUncalled(_ scope: Scope, _ diagnostics: inout Diagnostics) {
    for name in blocks.names where !calledBlocks.contains(name) {
      guard let block = blocks.checkable(name), substitution.isWithinLimits else { continue }
      var probe = self
      probe.isProbing = true
      (probe.layers, probe.names, probe.work) = ([], BlobNames(), 0)
      (probe.last, probe.absentLayers) = (DefaultBlob.first, [])
      // Makes the probe the only owner of the set. Otherwise its first change would copy the set.
      absentPlaces = []
      var found = Diagnostics()
      probe.check(block, scope, &found)
      absentPlaces = probe.absentPlaces
      substitution = probe.substitution
      // A limit that only the probe exceeds is not a mistake, because these layers are never made.
      guard substitution.isWithinLimits else { return }
      // The definition of the block has already reported wrong expressions.
      if found.hasErrors { diagnostics.mergeNewPlaces(of: found) }
      absentLayers += probe.absentLayers
      absentLayers += probe.layers
    }
  }

  private mutating func check(
    _ block: BlockDefinition, _ scope: Scope, _ diagnostics: inout Diagnostics
  ) {
    var inner = scope.block(parameters: block.parameters.map(\.name))
    for parameter in block.parameters {
      let value = parameter.value.map {
        Scope.Argument(substitution.replace(in: $0, inner, depth: 4, &diagnostics))
      }
      inner.define(parameter: parameter.name, value ?? .unknown)
    }
    let inputs = block.inputs.map { (name: $0, blob: DefaultBlob($0)) }
    var frame = Frame(scope: inner, prefix: "", inputs: inputs, copy: nil)
    do throws(Stop) {
      _ = try expand(
        block.layers, &frame, from: inputs.first?.blob ?? DefaultBlob.first, &diagnostics)
    } catch {
      return
    }
    _ = checkOutput(of: block, frame, copy: nil, &diagnostics)
  }

  /// Keeps an absent layer, so that its fields are checked.
  mutating func addAbsent(_ layer: Node) {
    guard absentLayers.count < ModelFile.layerLimit,
      absentPlaces.insert(layer.mark.description).inserted
    else { return }
    absentLayers.append(layer)
  }

  /// Records that a layer is missing because of a reported mistake.
  mutating func lackLayers() { lacksLayers = true }

  // MARK: Limits

  /// Counts steps, because copies that make no layer take time too.
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
