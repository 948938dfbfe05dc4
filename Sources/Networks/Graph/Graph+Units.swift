internal import Layers
internal import ModelFiles
internal import Tensors
internal import YAML

/// Finds the units of a network, and facts about them that follow from the graph alone. A layer of
/// units is a ``UnitLayer``.
extension Graph {
  /// The hidden layers of units, in order: losses reach them only through another layer of units.
  ///
  /// Layers of units next to a loss are excluded, because the targets of the loss distinguish their
  /// units.
  package var nodesOfHiddenUnits: [Int] {
    let reached = nodesThatLossesReach(blobsThatNeedGradients) { $0.isWeighed }
    var seen: Set<Int> = []
    var hidden: [Int] = []
    for index in reached.reversed() {
      let node = nodes[index]
      let isSeen = node.declaration.isWeighed || node.tops.contains(where: seen.contains)
      if node.layer.unitLayer == nil {
        if isSeen { seen.formUnion(node.bottomsBelow) }
      } else if !isSeen {
        hidden.append(index)
      }
    }
    return hidden.reversed()
  }

  /// Returns the number of the parameter that holds the weights of a layer's units. If there are
  /// several, it is the first. Nil for a layer without weights.
  package func weight(of node: Node) -> Int? {
    node.parameters.first { parameters[$0].declaration.role == .weight }
  }

  /// By layer: whether it is a branch, so that every layer that reads its tops also reads other
  /// blobs.
  package var branches: [Bool] {
    var branches = [Bool](repeating: true, count: nodes.count)
    for reader in nodes where reader.bottoms.count <= 1 || reader.kind.scoring != nil {
      for producer in reader.bottoms.compactMap({ blobs[$0].producer }) {
        branches[producer] = false
      }
    }
    return branches
  }

  /// Units whose outputs only a rectifier reads. Their gradients show whether the rectifier passes
  /// them.
  package struct RectifiedUnits: Sendable {
    /// The rectifier's index in ``Graph/nodes``.
    package let rectifier: Int
    /// The layer with the parameter to check.
    package let maker: Int
    /// The parameter whose gradient is zero where a unit receives no gradient: a bias, or weights.
    package let parameter: Int
    package let unitCount: Int
    /// The number of consecutive elements of a unit in the parameter, in the order of files.
    package let run: Int
    /// The weights that read the rectifier's output, and the bias that is added after them.
    ///
    /// They show whether gradients arrive at the rectifier. The bias has a gradient even if the
    /// rectifier passes no unit. Nil when there is no such bias.
    package let origin: Origin?

    package struct Origin: Sendable {
      package let weight: Int
      package let bias: Int
    }
  }

  /// The rectifiers whose units can be checked, in order.
  ///
  /// The rectifier's input must have a single reader. It must come from a layer with a trained bias
  /// for each channel, or from a layer of units with trained weights. A layer of units with trained
  /// weights must read the rectifier's output. Layers that keep every unit may lie in between.
  /// Shared parameters are excluded, because their gradients mix several layers. If a loss skips
  /// examples, a zero gradient proves nothing, and the list is empty.
  package var rectifiedUnits: [RectifiedUnits] {
    let reached = nodesThatLossesReach(blobsThatNeedGradients) { $0.isWeighed }
    guard !reached.contains(where: { nodes[$0].hasFlatRegion }) else { return [] }
    let walk = UnitWalk(self, reached: reached)
    return reached.compactMap { index in
      guard let rectifier = nodes[index].layer.rectifier, rectifier.isClosedBelowZero,
        let source = walk.source(of: nodes[index].bottoms[0]),
        let reader = walk.reader(of: nodes[index].tops[0])
      else { return nil }
      return RectifiedUnits(
        rectifier: index, maker: source.maker, parameter: source.parameter,
        unitCount: source.unitCount, run: source.run, origin: walk.origin(of: reader))
    }
  }
}

extension Graph.Node {
  fileprivate var hasFlatRegion: Bool {
    declaration.isWeighed && kind.loss?.hasFlatRegion ?? false
  }
}

/// Follows blobs from a rectifier to the layers that make them, and to the layers that read them.
private struct UnitWalk {
  private let graph: Graph
  /// By blob: the indices of the layers that read it, with or without a gradient.
  private var readers: [[Int]]
  /// By parameter: the number of layers that use it.
  private var users: [Int]
  private let reached: Set<Int>

  init(_ graph: Graph, reached: [Int]) {
    self.graph = graph
    self.reached = Set(reached)
    readers = Array(repeating: [], count: graph.blobs.count)
    users = Array(repeating: 0, count: graph.parameters.count)
    for (index, node) in graph.nodes.enumerated() {
      for blob in node.bottoms { readers[blob].append(index) }
      for parameter in node.parameters { users[parameter] += 1 }
    }
  }

  /// Whether a parameter is trained and belongs to one layer only.
  private func isOwn(_ parameter: Int) -> Bool {
    users[parameter] == 1 && graph.parameters[parameter].isTrainable
  }

  /// Returns the trained bias of a layer's top, with one value for each channel.
  private func bias(of node: Graph.Node) -> Int? {
    guard node.bottoms.count == 1, node.tops.count == 1,
      case let shape = graph.blobs[node.tops[0]].shape, shape.rank >= 2
    else { return nil }
    return node.parameters.first { parameter in
      let declaration = graph.parameters[parameter].declaration
      return declaration.role == .bias && declaration.shape.axes == [shape[1]] && isOwn(parameter)
    }
  }

  /// Returns the layer and the parameter behind the units of a blob that one layer reads.
  func source(
    of blob: Int
  ) -> (maker: Int, parameter: Int, unitCount: Int, run: Int)? {
    guard readers[blob].count == 1, let maker = graph.blobs[blob].producer else { return nil }
    let node = graph.nodes[maker]
    if let bias = bias(of: node) {
      return (maker, bias, graph.parameters[bias].declaration.shape.count, 1)
    }
    if let layer = node.layer.unitLayer, let weight = graph.weight(of: node), isOwn(weight),
      let run = layer.consecutiveWeights(graph.parameters[weight].declaration.shape)
    {
      return (maker, weight, layer.unitCount, run)
    }
    guard node.layer.passesEveryUnit, node.bottoms.count == 1 else { return nil }
    return source(of: node.bottoms[0])
  }

  /// Returns a layer of units with trained weights that reads a blob, directly or through layers
  /// that keep every unit.
  func reader(of blob: Int) -> Graph.Node? {
    for index in readers[blob] where reached.contains(index) {
      let node = graph.nodes[index]
      guard node.bottoms.count == 1, node.bottomsBelow == [blob] else { continue }
      if node.layer.unitLayer != nil {
        if let weight = graph.weight(of: node), isOwn(weight) { return node }
      } else if node.layer.passesEveryUnit {
        for top in node.tops {
          if let reader = reader(of: top) { return reader }
        }
      }
    }
    return nil
  }

  /// Returns the bias of a layer of units, or of its only reader.
  func origin(of reader: Graph.Node) -> Graph.RectifiedUnits.Origin? {
    let next = readers[reader.tops[0]]
    guard let weight = graph.weight(of: reader),
      let bias = bias(of: reader) ?? (next.count == 1 ? bias(of: graph.nodes[next[0]]) : nil)
    else { return nil }
    return Graph.RectifiedUnits.Origin(weight: weight, bias: bias)
  }
}
