internal import DataSources
internal import Kernels
internal import Layers
internal import Models
internal import Tensors
internal import YAML

extension PreparedModel {
  /// Checks that every class has a score: what a source knows of its classes may come only from
  /// reading it.
  ///
  /// - Throws: ``RunFailure/refused(_:)`` naming every layer with too few scores.
  func checkLabels(of dataset: Dataset) throws(RunFailure) {
    guard dataset.targetShape == nil, let greatest = dataset.greatestLabel else { return }
    var diagnostics = Diagnostics()
    var checked: Set<String> = []
    for graph in [training, testing] {
      for node in graph.nodes
      where node.bottoms.count >= 2 && node.bottoms[1] == Graph.labelBlob
        && checked.insert(node.name).inserted
      {
        guard let scoring = node.layer as? any ClassScoring else { continue }
        let scores = graph.blobs[node.bottoms[0]].shape
        guard let count = scoring.classCount(scores),
          !scoring.covers(classes: greatest + 1, scores: count)
        else { continue }
        let name = dataset.classes.map { " ('\($0[greatest].quotable)')" } ?? ""
        diagnostics.error(
          "\(node.declaration.subject): \(count) scores (classes 0 to \(count - 1)), "
            + "but the data have class \(greatest)\(name)", at: node.declaration.node.mark)
      }
    }
    if diagnostics.hasErrors { throw .refused(diagnostics) }
  }
}

extension Dataset {
  /// The greatest number of a class, whether or not an example of it is in this part.
  fileprivate var greatestLabel: Int? {
    if let classes { return classes.count - 1 }
    let labels = FloatView(targets)
    return (0..<labels.count).lazy.compactMap { Int(exactly: labels[$0]) }.max()
  }
}
