internal import Layers
package import Plans

extension NetworkPlan {
  /// The gradient of the data, row-major and kept, where the purpose asks for it and something
  /// depends on them.
  package var dataGradient: Slot? { gradients.first.flatMap { $0 } }
}

/// What a plan of ``NetworkPlan/Purpose/inspection`` holds after a run, row-major.
extension NetworkPlan {
  /// The values of a blob, by its number in the graph; of a loss or metric its number. Nil for one
  /// that nothing reads.
  package func values(ofBlob index: Int) -> [Float]? {
    if let producer = graph.blobs[index].producer, case let node = graph.nodes[producer],
      node.kind.scoring != nil, node.tops[0] == index
    {
      return scores.first { $0.statistics == blobs[index] }.map { [Float(value(of: $0))] }
    }
    return blobs[index].flatMap { plan.rowMajor($0) }
  }

  /// The gradient of a blob; nil for one that no loss depends on, or that depends on nothing that
  /// is trained.
  package func gradient(ofBlob index: Int) -> [Float]? {
    guard gradients.indices.contains(index) else { return nil }
    return gradients[index].flatMap { plan.rowMajor($0) }
  }
}
