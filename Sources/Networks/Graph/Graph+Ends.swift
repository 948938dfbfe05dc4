internal import Files
internal import Layers
internal import ModelFiles
internal import YAML

/// Finds the layers next to the data: the first layers with weights, and the losses of raw targets.
extension Graph {
  /// Returns the layers of units that read the unchanged values of a blob, directly or through
  /// layers that keep every unit.
  ///
  /// Layers are left out when a normalization reads their outputs, because it removes the scale of
  /// the values.
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

  /// Whether all layers that read the tops of the layer remove their scale.
  private func isNormalized(_ node: Node) -> Bool {
    let readers = nodes.filter { $0.bottoms.contains(where: node.tops.contains) }
    return !readers.isEmpty && readers.allSatisfy(\.layer.removesScale)
  }

  /// Returns whether a blob holds outputs of a layer of units, directly or through layers that keep
  /// every unit.
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

  /// The losses that compare outputs of units with the unchanged values of a target, and the blob of
  /// that target.
  package var lossesOfRawTargets: [(node: Node, target: Int)] {
    nodes.compactMap { node in
      guard node.kind.loss?.growsWithTargets ?? false, node.declaration.isWeighed,
        let target = node.bottoms.first(where: isTarget),
        node.bottoms.contains(where: { $0 != target && isMadeByUnits($0) })
      else { return nil }
      return (node, target)
    }
  }
}
