internal import Files
internal import Layers
internal import ModelFiles
internal import YAML

/// Where the values of the data meet the weights of a network.
extension Graph {
  /// The layers of units that read the values of a blob as they are: at once, or through layers that pass every unit.
  ///
  /// Layers whose outputs go into a normalization are left out, since it takes the scale of the values away.
  package func unitsReading(_ blob: Int) -> [Int] {
    var found: [Int] = []
    var waiting = [blob]
    var seen: Set<Int> = [blob]
    while let blob = waiting.popLast() {
      for (index, node) in nodes.enumerated() where node.bottoms.contains(blob) {
        if node.layer.unitLayer != nil {
          if !isNormalized(node), !found.contains(index) { found.append(index) }
        } else if node.layer.passesEveryUnit || node.layer.rectifier != nil {
          waiting += node.tops.filter { seen.insert($0).inserted }
        }
      }
    }
    return found.sorted()
  }

  /// Whether all that reads the layer's tops takes their scale away.
  private func isNormalized(_ node: Node) -> Bool {
    let readers = nodes.filter { $0.bottoms.contains(where: node.tops.contains) }
    return !readers.isEmpty && readers.allSatisfy(\.layer.removesScale)
  }

  /// Whether a blob holds outputs of a layer of units: as they are, or through layers that pass every unit.
  package func isMadeByUnits(_ blob: Int) -> Bool {
    var blob = blob
    while let maker = blobs[blob].producer {
      let node = nodes[maker]
      if node.layer.unitLayer != nil { return true }
      guard node.layer.passesEveryUnit || node.layer.rectifier != nil, node.bottoms.count == 1
      else {
        return false
      }
      blob = node.bottoms[0]
    }
    return false
  }

  /// The losses that compare outputs of units with the values of `label` as they are.
  package var lossesOfRawTargets: [Node] {
    nodes.filter { node in
      node.kind.loss?.growsWithTargets ?? false && node.declaration.isWeighed
        && node.bottoms.contains(Graph.labelBlob)
        && node.bottoms.contains { $0 != Graph.labelBlob && isMadeByUnits($0) }
    }
  }
}
