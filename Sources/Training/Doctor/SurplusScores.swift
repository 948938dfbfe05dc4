internal import DataFiles
internal import DataSources
internal import Layers
internal import ModelFiles
internal import Networks
internal import YAML

/// Warns of networks that score more classes than the data have.
enum SurplusScores {
  /// Returns the warnings.
  ///
  /// - Parameter signature: the known properties of the data.
  /// - Returns: a warning for each layer that makes such scores, at its `num_output`.
  static func warnings(_ model: PreparedModel, _ signature: DataSignature) -> [Warning] {
    var warnings: [Warning] = []
    for graph in [model.training, model.testing] {
      for node in graph.nodes where node.bottoms.count >= 2 {
        guard let scoring = node.kind.scoring?.classScoring, graph.isTarget(node.bottoms[1]),
          let classes = signature[graph.blobs[node.bottoms[1]].name]?.classes,
          let count = scoring.classCount(graph.blobs[node.bottoms[0]].shape),
          count > classes.count
        else { continue }
        let maker = maker(of: node.bottoms[0], count, in: graph) ?? node.declaration
        guard !warnings.contains(where: { $0.layer == maker.name }) else { continue }
        warnings.append(warning(maker, count, classes.count))
      }
    }
    return warnings
  }

  /// Returns the layer whose `num_output` determines the number of scores, or nil.
  private static func maker(of blob: Int, _ count: Int, in graph: Graph) -> LayerDeclaration? {
    var next = graph.blobs[blob].producer
    while let producer = next {
      let node = graph.nodes[producer]
      if let stated = node.declaration.node["num_output"] {
        return stated.scalar?.integer == count ? node.declaration : nil
      }
      guard node.bottoms.count == 1 else { return nil }
      next = graph.blobs[node.bottoms[0]].producer
    }
    return nil
  }

  private static func warning(_ layer: LayerDeclaration, _ scores: Int, _ classes: Int) -> Warning {
    let stated = layer.node["num_output"]
    let field = stated == nil ? "" : "num_output: "
    let advice =
      stated == nil ? "" : "; set num_output: \(classes), or declare the missing classes"
    let rest = scores - classes
    return Warning(
      .surplusScores, layer: layer.name,
      "\(layer.subject): \(field)\(scores) scores for \(classes) classes: no example has the last "
        + "\(rest == 1 ? "one" : "\(rest)")\(advice)", at: (stated ?? layer.node).mark)
  }
}
