package import DataSources
internal import Glibc
internal import Layers
package import Models
package import Plans
internal import Tensors
internal import YAML

/// The answers of a trained network.
package struct Predictions: Sendable {
  /// Row-major, `width` values an example: scores of classes, or values.
  package let values: [Float]
  package let width: Int
  /// True where the values are probabilities already, and no scores.
  let areProbabilities: Bool

  package var count: Int { width == 0 ? 0 : values.count / width }

  /// Of each class for an example: softmax of its scores, where the network does not end with that.
  package func probabilities(_ example: Int) -> [Float] {
    let scores = values[example * width..<(example + 1) * width]
    if areProbabilities { return Array(scores) }
    let greatest = scores.max() ?? 0
    let exponentials = scores.map { expf($0 - greatest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  /// The class with the greatest score; of equal ones the lowest.
  package func bestClass(_ example: Int) -> Int {
    let scores = Array(values[example * width..<(example + 1) * width])
    return scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
  }
}

extension PreparedModel {
  /// True where the network answers with a score for each class.
  package var isClassification: Bool { signature.targetShape == nil }

  /// True where the answer is a Softmax layer's, or a view of it.
  private var endsWithSoftmax: Bool {
    var next = testing.prediction
    while let producer = next.flatMap({ testing.blobs[$0].producer }) {
      let node = testing.nodes[producer]
      guard node.layer.isView else { return node.layer is Softmax }
      next = node.bottoms[0]
    }
    return false
  }

  /// Runs the network of the test phase, without losses and metrics, over examples that need no
  /// labels.
  ///
  /// - Parameter dataset: standardized already, where the model's data are.
  /// - Throws: ``RunFailure`` for examples of another size, or a network that answers with labels.
  package func predict(
    _ dataset: Dataset, store: ParameterStore, cache: ImplementationCache, workers: Workers
  ) throws(RunFailure) -> Predictions {
    guard dataset.inputShape.count == signature.inputShape.count else {
      throw .refusedInput(
        "the network reads \(signature.inputShape.count) values an example, received "
          + "\(dataset.inputShape.count)"
      )
    }
    let reader = testing.nodesOfPrediction.first {
      testing.nodes[$0].bottoms.contains(Graph.labelBlob)
    }
    if let reader {
      throw .refused(
        Diagnostics(
          Diagnostic(
            "\(testing.nodes[reader].declaration.subject): the network's answer depends on the "
              + "labels, which a prediction has not",
            at: testing.nodes[reader].declaration.node.mark)))
    }
    let evaluator = try Evaluator(
      self, dataset.reshaped(to: signature.inputShape),
      batchSize: max(1, min(dataset.count, testing.batchSize)), purpose: .prediction, store: store,
      cache: cache, workers: workers)
    let width = testing.prediction.map { testing.blobs[$0].shape.example.count } ?? 0
    return Predictions(
      values: evaluator.predictions(), width: width, areProbabilities: endsWithSoftmax)
  }
}
