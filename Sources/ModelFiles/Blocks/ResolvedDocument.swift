internal import YAML

/// A model file's document without variables, `$(…)`, choices of data and blocks.
///
/// Each part of the data is one mapping, and the network is a plain list of layers.
struct ResolvedDocument {
  private(set) var document: Node
  /// Places of scalars that could not be replaced. Mistakes that follow from them are not reported.
  private(set) var brokenPlaces: Set<String> = []
  /// Layers outside the network: layers that a condition removes, and layers of blocks that are
  /// never called.
  private(set) var absentLayers: [Node] = []
  /// True when wrong layers are missing from the network.
  private(set) var lacksLayers = false

  /// Resolves `document`, which already contains the values of the command line. Reports mistakes.
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
        substitution.brokenPlaces, &diagnostics)
    }
    var blocks = BlockTable()
    let errorCount = diagnostics.errorCount
    if let place = place("blocks") {
      blocks = BlockTable(pairs[place].value, scope, &substitution, &diagnostics)
    }
    // Without a network, no block is called.
    var expansion = NetworkExpansion(blocks: blocks, substitution: substitution)
    if let place = place("network") {
      let node = pairs[place].value
      // The reader of the layers rejects a node that is not a list, and a list that is too long.
      if let items = node.items, items.count <= ModelFile.layerLimit {
        let layers = expansion.expand(items, scope, &diagnostics)
        pairs[place].value = Node(.sequence(layers), at: node.mark)
        // The list may be empty because its wrong layers are missing.
        if layers.isEmpty, diagnostics.errorCount > errorCount {
          brokenPlaces.insert(node.mark.description)
        }
      } else {
        pairs[place].value = expansion.substitution.replace(in: node, scope, &diagnostics)
      }
    }
    expansion.checkUncalled(scope, &diagnostics)
    absentLayers = expansion.absentLayers
    lacksLayers = expansion.lacksLayers
    substitution = expansion.substitution
    pairs.removeAll { $0.key.scalar?.text == "blocks" }
    brokenPlaces.formUnion(substitution.brokenPlaces)
    self.document = Node(.mapping(pairs), at: document.mark)
  }
}
