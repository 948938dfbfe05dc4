internal import DataSources
internal import Kernels
internal import Layers
internal import Models
internal import Tensors
internal import YAML

extension PreparedModel {
  /// Checks that every label has a score: what a source knows of its classes may come only from
  /// reading it.
  ///
  /// - Throws: ``RunFailure/refusedInput(_:)`` naming layer, label and scores.
  func checkLabels(of dataset: Dataset) throws(RunFailure) {
    guard dataset.targetShape == nil, dataset.count > 0 else { return }
    let targets = FloatView(dataset.targets)
    var greatest = 0
    for index in 0..<targets.count { greatest = max(greatest, Int(targets[index])) }
    for node in training.nodes + testing.nodes
    where node.bottoms.count == 2 && node.bottoms[1] == Graph.labelBlob {
      guard let scoring = node.layer as? any ClassScoring else { continue }
      let scores = training.blobs[node.bottoms[0]].shape
      guard let axis = scores.axis(scoring.axis), scores[axis] <= greatest else { continue }
      let name = dataset.classes.map { " ('\($0[greatest].quotable)')" } ?? ""
      throw .refusedInput(
        "\(node.declaration.subject): the data have class \(greatest)\(name), but there are \(scores[axis]) scores (classes 0 to \(scores[axis] - 1))"
      )
    }
  }
}
