internal import Layers
internal import ModelFiles
internal import Tensors
internal import YAML

/// Where the units of a network are, and what is known of them without looking at their outputs.
extension Graph {
  /// The layers of units that losses see only through another layer of units, in order.
  ///
  /// A label, or whatever a loss compares with, tells the units of the other layers apart.
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

  /// The weights of a layer's units, by number; of several tensors the first. Nil for a layer without such weights.
  package func weight(of node: Node) -> Int? {
    node.parameters.first { parameters[$0].declaration.role == .weight }
  }

  /// By layer: whether all that reads its tops reads other blobs beside them, which makes it a branch.
  package var branches: [Bool] {
    var branches = [Bool](repeating: true, count: nodes.count)
    for reader in nodes where reader.bottoms.count <= 1 || reader.kind.scoring != nil {
      for producer in reader.bottoms.compactMap({ blobs[$0].producer }) {
        branches[producer] = false
      }
    }
    return branches
  }

  /// Units whose outputs go into a rectifier alone, so that their gradients tell whether it passes
  /// any of them.
  package struct RectifiedUnits: Sendable {
    /// The rectifier, by its place in ``Graph/nodes``.
    package let rectifier: Int
    /// The layer whose parameter tells.
    package let maker: Int
    /// The parameter whose gradient is zero where nothing comes back to a unit: a bias, or weights.
    package let parameter: Int
    package let unitCount: Int
    /// Elements of a unit that follow each other in the parameter, as files hold it.
    package let run: Int
    /// The weights through which gradients come to the rectifier, and the bias behind them, whose
    /// gradient is there whatever the rectifier passes; nil if there is no such bias.
    package let origin: Origin?

    package struct Origin: Sendable {
      package let weight: Int
      package let bias: Int
    }
  }

  /// What can be told of the rectifiers of the network, in order.
  ///
  /// A rectifier is judged where what it reads is made by a layer with a trained bias a channel, or
  /// by a layer of units whose weights are trained, and is read by nothing else; and where what it
  /// makes is read by a layer of units whose weights are trained. Between them may be layers that pass
  /// every unit. Parameters that layers share tell nothing of one of them. Where a loss spares
  /// examples, a gradient of zero tells nothing at all.
  package var rectifiedUnits: [RectifiedUnits] {
    let reached = nodesThatLossesReach(blobsThatNeedGradients) { $0.isWeighed }
    guard !reached.contains(where: { nodes[$0].sparesExamples }) else { return [] }
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
  fileprivate var sparesExamples: Bool {
    declaration.isWeighed && kind.loss?.sparesExamples ?? false
  }
}

/// Follows blobs from a rectifier to what makes them, and to what reads them.
private struct UnitWalk {
  private let graph: Graph
  /// By blob: the layers that give it a gradient or only read it.
  private var readers: [[Int]]
  /// By parameter: the layers that have it.
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

  /// A parameter of one layer that training changes.
  private func isOwn(_ parameter: Int) -> Bool {
    users[parameter] == 1 && graph.parameters[parameter].isTrainable
  }

  /// The trained bias of a layer's top, a number a channel.
  private func bias(of node: Graph.Node) -> Int? {
    guard node.bottoms.count == 1, node.tops.count == 1,
      case let shape = graph.blobs[node.tops[0]].shape, shape.rank >= 2
    else { return nil }
    return node.parameters.first { parameter in
      let declaration = graph.parameters[parameter].declaration
      return declaration.role == .bias && declaration.shape.axes == [shape[1]] && isOwn(parameter)
    }
  }

  /// What makes the units of a blob that one layer reads.
  func source(
    of blob: Int
  ) -> (maker: Int, parameter: Int, unitCount: Int, run: Int)? {
    guard readers[blob].count == 1, let maker = graph.blobs[blob].producer else { return nil }
    let node = graph.nodes[maker]
    if let bias = bias(of: node) {
      return (maker, bias, graph.parameters[bias].declaration.shape.count, 1)
    }
    if let layer = node.layer.unitLayer, let weight = graph.weight(of: node), isOwn(weight),
      let run = layer.runOfWeights(graph.parameters[weight].declaration.shape)
    {
      return (maker, weight, layer.unitCount, run)
    }
    guard node.layer.passesEveryUnit, node.bottoms.count == 1 else { return nil }
    return source(of: node.bottoms[0])
  }

  /// A layer of units with trained weights that reads a blob, at once or through layers that pass
  /// every unit.
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

  /// The bias of a layer of units, or of the one layer that reads it.
  func origin(of reader: Graph.Node) -> Graph.RectifiedUnits.Origin? {
    let next = readers[reader.tops[0]]
    guard let weight = graph.weight(of: reader),
      let bias = bias(of: reader) ?? (next.count == 1 ? bias(of: graph.nodes[next[0]]) : nil)
    else { return nil }
    return Graph.RectifiedUnits.Origin(weight: weight, bias: bias)
  }
}
