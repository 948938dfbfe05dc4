internal import YAML

/// A model file's document as its sections are read: variables and `$(…)` replaced, one mapping for
/// each part of the data, the network a plain list of layers, no blocks left.
struct ResolvedDocument {
  private(set) var document: Node
  /// Scalars that could not be replaced: what is read from them is no mistake of its own.
  private(set) var spoiltPlaces: Set<String> = []
  /// Layers that the network does not have: those that a condition leaves out, and those of blocks
  /// that nothing calls.
  private(set) var absentLayers: [Node] = []
  /// True where the network lacks layers that were wrong.
  private(set) var lacksLayers = false

  /// Resolves `document`, with the command line's values in it; reports what cannot be.
  init(_ document: Node, _ diagnostics: inout Diagnostics) {
    self.document = document
    guard var pairs = document.pairs else { return }
    func place(_ name: String) -> Int? {
      pairs.firstIndex { $0.key.scalar?.text == name && !$0.value.isNull }
    }
    var scope = Scope()
    var substitution = Substitution()
    if let place = place("variables") {
      pairs[place].value = scope.define(
        variables: pairs[place].value, &substitution, &diagnostics)
    }
    for index in pairs.indices
    where !["variables", "blocks", "network"].contains(pairs[index].key.scalar?.text) {
      pairs[index].value = substitution.replace(in: pairs[index].value, scope, &diagnostics)
    }
    if let place = place("data") {
      pairs[place].value = pairs[place].value.choosingData(
        substitution.spoiltPlaces, &diagnostics)
    }
    var blocks = BlockTable()
    let errorCount = diagnostics.errorCount
    if let place = place("blocks") {
      blocks = BlockTable(pairs[place].value, scope, &substitution, &diagnostics)
    }
    // Without a network every block is one that nothing calls.
    var expansion = NetworkExpansion(blocks: blocks, substitution: substitution)
    if let place = place("network") {
      let node = pairs[place].value
      // A list that is too long, or none, is refused by who reads the layers.
      if let items = node.items, items.count <= ModelFile.layerLimit {
        let layers = expansion.expand(items, scope, &diagnostics)
        pairs[place].value = Node(.sequence(layers), at: node.mark)
        // A list that lacks what was wrong may be empty.
        if layers.isEmpty, diagnostics.errorCount > errorCount {
          spoiltPlaces.insert(node.mark.description)
        }
      } else {
        pairs[place].value = expansion.substitution.replace(in: node, scope, &diagnostics)
      }
    }
    expansion.judgeUncalled(scope, &diagnostics)
    absentLayers = expansion.absentLayers
    lacksLayers = expansion.lacksLayers
    substitution = expansion.substitution
    pairs.removeAll { $0.key.scalar?.text == "blocks" }
    spoiltPlaces.formUnion(substitution.spoiltPlaces)
    self.document = Node(.mapping(pairs), at: document.mark)
  }
}
