internal import Layers
package import Plans

extension NetworkPlan {
  /// Returns the gradient of an input of the data, row-major and kept after a run. Nil when the
  /// purpose does not include it or no loss depends on the input.
  package func gradient(ofInput blob: Int) -> Slot? {
    gradients.indices.contains(blob) ? gradients[blob] : nil
  }
}

/// Reads the tensors of a ``NetworkPlan/Purpose/inspection`` plan after a run, in row-major order.
extension NetworkPlan {
  /// Returns the values of a blob, by its number in the graph. For a loss or metric, it is the
  /// single value. Nil for a blob that no layer reads.
  package func values(ofBlob index: Int) -> [Float]? {
    if let producer = graph.blobs[index].producer, case let node = graph.nodes[producer],
      node.kind.scoring != nil, node.tops[0] == index
    {
      return scores.first { $0.statistics == blobs[index] }.map { [Float(value(of: $0))] }
    }
    return blobs[index].flatMap { plan.rowMajor($0) }
  }

  /// Returns the gradient of a blob. Nil when no loss depends on it, or when it does not depend on
  /// a trained parameter.
  package func gradient(ofBlob index: Int) -> [Float]? {
    guard gradients.indices.contains(index) else { return nil }
    return gradients[index].flatMap { plan.rowMajor($0) }
  }
}
