internal import Layers
internal import ModelFiles
internal import YAML

/// Finds the blob that the losses of a network read as their prediction.
///
/// The search tries losses in descending order of their `loss_weight`, and losses of equal weight
/// in the order of the file. The prediction of a loss is the bottom that depends on trained
/// parameters. If that bottom compares a prediction with the labels, for example in a difference,
/// the search goes back to the prediction.
struct PredictionSearch {
  /// The parameters and labels that a blob depends on.
  private struct Dependence {
    /// 2 if a trained parameter is among them, 1 if all are frozen, 0 without parameters.
    var rank = 0
    var onLabels = false
  }

  private let graph: Graph
  /// The dependence of each blob.
  private let dependences: [Dependence]

  init(_ graph: Graph) {
    self.graph = graph
    var dependences = [Dependence](repeating: Dependence(), count: graph.blobs.count)
    for blob in graph.dataTops.indices { dependences[blob].onLabels = graph.isTarget(blob) }
    for node in graph.nodes {
      var dependence = Dependence()
      for number in node.parameters {
        dependence.rank = max(dependence.rank, graph.parameters[number].isTrainable ? 2 : 1)
      }
      for bottom in node.bottoms {
        dependence.rank = max(dependence.rank, dependences[bottom].rank)
        dependence.onLabels = dependence.onLabels || dependences[bottom].onLabels
      }
      for top in node.tops { dependences[top] = dependence }
    }
    self.dependences = dependences
  }

  /// Returns whether the values of a blob depend on the labels.
  func dependsOnLabels(_ blob: Int) -> Bool { dependences[blob].onLabels }

  /// Returns the first prediction of a loss that `convert` accepts, in the order of the search.
  ///
  /// - Parameters:
  ///   - places: the index of each layer in the file, by name.
  ///   - convert: maps a prediction to the result. Nil rejects the prediction.
  func firstPrediction(places: [String: Int], _ convert: (Int) -> Int?) -> Int? {
    let losses = graph.nodes.compactMap { node in
      node.declaration.greatestLossWeight.map { (node, weight: $0) }
    }
    // A loss of weight 0 does not train anything.
    let ordered = losses.sorted { a, b in
      let (isIdle, isOtherIdle) = (a.weight == 0, b.weight == 0)
      if isIdle != isOtherIdle { return isOtherIdle }
      if a.weight != b.weight { return a.weight > b.weight }
      return places[a.0.name, default: 0] < places[b.0.name, default: 0]
    }
    for loss in ordered {
      if let found = prediction(of: loss.0).flatMap(convert) { return found }
    }
    return nil
  }

  /// The prediction of a network whose losses do not determine it.
  ///
  /// It is the prediction of the first metric. Without metrics, it is the last blob that depends on
  /// a parameter. Without parameters, it is the last blob that a layer makes from others.
  var predictionWithoutLoss: Int? {
    let metrics = graph.nodes.filter { $0.kind.metric != nil }
    if let blob = metrics.lazy.compactMap({ prediction(of: $0) }).first { return blob }
    let makers = graph.nodes.filter {
      $0.kind.scoring == nil && !$0.tops.isEmpty && !$0.bottoms.isEmpty
    }
    let learned = makers.last { node in
      node.tops.contains { dependences[$0].rank > 0 && !dependences[$0].onLabels }
    }
    return (learned ?? makers.last)?.tops.last
  }

  /// Returns the blob that one loss or metric reads as its prediction. Nil when it reads none.
  private func prediction(of node: Graph.Node) -> Int? {
    guard node.kind.scoring != nil else {
      // The prediction of a minimised layer with parameters is its own top.
      if !node.parameters.isEmpty { return node.tops.first }
      return compared(from: node) ?? candidates(of: node).first
    }
    guard let bottom = candidates(of: node).first else { return nil }
    guard dependences[bottom].onLabels, let producer = graph.blobs[bottom].producer,
      graph.nodes[producer].parameters.isEmpty
    else { return bottom }
    return compared(from: graph.nodes[producer]) ?? bottom
  }

  /// Returns the bottoms that depend on parameters, ordered by how directly training changes them.
  private func candidates(of node: Graph.Node) -> [Int] {
    let constant = (node.kind.loss?.constantBottoms ?? []).map(\.bottom)
    let ranked = node.bottoms.indices.compactMap { index -> (blob: Int, rank: Int)? in
      let rank = dependences[node.bottoms[index]].rank
      guard rank > 0, !constant.contains(index) else { return nil }
      return (node.bottoms[index], node.declaration.propagates(toBottom: index) ? rank : 1)
    }
    return [2, 1].flatMap { rank in ranked.filter { $0.rank == rank }.map(\.blob) }
  }

  /// Returns the prediction that a layer compares with a blob that does not depend on parameters.
  /// Nil when it is not found.
  ///
  /// The layer has no parameters. The comparison may also happen in an earlier layer.
  private func compared(from start: Graph.Node) -> Int? {
    var (waiting, seen) = ([start], Set<Int>())
    while let node = waiting.popLast() {
      let candidates = candidates(of: node)
      let isComparison = node.bottoms.contains { dependences[$0].rank == 0 }
      if isComparison, let blob = candidates.first, !dependences[blob].onLabels { return blob }
      for blob in candidates.reversed() where seen.insert(blob).inserted {
        guard let producer = graph.blobs[blob].producer else { continue }
        let maker = graph.nodes[producer]
        if maker.parameters.isEmpty, dependences[blob].onLabels || maker.layer.isFormula {
          waiting.append(maker)
        }
      }
    }
    return nil
  }
}

extension LayerDeclaration {
  /// The greatest weight of its tops in the objective. Nil when none is minimised.
  fileprivate var greatestLossWeight: Double? { scoredTops.compactMap(\.weight).max() }
}
