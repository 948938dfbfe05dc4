internal import DataSources
internal import Layers
internal import Models
internal import Tensors

extension SavedRun {
  /// The class of each position of each example, where labels have a class a position: columns
  /// `class_1`, `class_2` … in row-major order. Nil for one class an example.
  func positionTable(_ predictions: Predictions) -> String? {
    guard model.signature.labelShape != .scalar, model.isClassification,
      let answer = model.testing.prediction
    else { return nil }
    let shape = model.testing.blobs[answer].shape
    let loss = model.training.nodes.first { node in
      node.layer is any ClassScoring
        && node.bottoms.first.map { model.training.blobs[$0].name }
          == model.testing.blobs[answer].name
    }
    let stated = (loss?.layer as? any ClassScoring)?.axis ?? 1
    guard shape.rank >= 2, let axis = shape.axis(stated), axis >= 1 else { return nil }
    let classes = shape[axis]
    let inner = shape.count(in: axis + 1..<shape.rank)
    let outer = shape.count(in: 1..<axis)
    let known = model.signature.classes?.names ?? []
    func best(_ example: Int, _ place: Int) -> String {
      let first = example * predictions.width + place / inner * classes * inner + place % inner
      var best = 0
      for index in 1..<max(classes, 1)
      where predictions.values[first + index * inner] > predictions.values[first + best * inner] {
        best = index
      }
      return known.indices.contains(best) ? known[best] : String(best)
    }
    var text = CSVText.line((0..<outer * inner).map { "class_\($0 + 1)" })
    for example in 0..<predictions.count {
      text += CSVText.line((0..<outer * inner).map { best(example, $0) })
    }
    return text
  }
}
