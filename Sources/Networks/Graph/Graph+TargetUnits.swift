internal import DataSources
internal import Layers
internal import ModelFiles
internal import Tensors

extension Graph {
  /// Returns the standardized target whose original unit each bottom of a metric gets. Nil for a
  /// bottom that the metric reads unchanged.
  ///
  /// These are the target itself, and the values that the metric or a loss compares with it. Views
  /// do not change the unit.
  func unitTargets(of node: Node) -> [Int?] {
    guard dataTops.contains(where: \.isStandardized),
      node.kind.metric != nil || node.declaration.isOwnMetric
    else { return node.bottoms.map { _ in nil } }
    return node.bottoms.map { bottom in
      let blob = origin(of: bottom)
      if isStandardized(blob) { return blob }
      let compared = node.kind.metric == nil ? [] : [node]
      return (nodes.filter { $0.kind.loss != nil } + compared).lazy
        .compactMap { self.target(comparedWith: blob, in: $0) }.first
    }
  }

  private func isStandardized(_ blob: Int) -> Bool {
    dataTops.indices.contains(blob) && dataTops[blob].isStandardized
  }

  /// Returns the standardized target that a loss or metric compares with a blob.
  private func target(comparedWith blob: Int, in node: Node) -> Int? {
    let origins = node.bottoms.map(origin(of:))
    guard origins.count == 2, let place = origins.firstIndex(of: blob),
      isStandardized(origins[1 - place]),
      blobs[blob].shape.example.count == dataTops[origins[1 - place]].width
    else { return nil }
    return origins[1 - place]
  }
}
