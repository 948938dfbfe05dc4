package import DataSources
internal import Glibc
internal import Layers
package import Models
package import Plans
internal import Tensors
package import Threads
internal import YAML

/// The answers of a trained network.
package struct Predictions: Sendable {
  /// Row-major, `width` values an example.
  package let values: [Float]
  package let width: Int
  /// How the values are to be read.
  package let form: Graph.PredictionForm

  package var count: Int { width == 0 ? 0 : values.count / width }

  /// Whether the answer to an example is a class.
  package var isClassification: Bool {
    switch form {
    case .scores, .probabilities, .binaryScore: true
    case .independentScores, .values: false
    }
  }

  /// How many classes there are, where the answer is one.
  package var classCount: Int { form == .binaryScore ? 2 : width }

  /// The values of an example as they are.
  package func values(of example: Int) -> ArraySlice<Float> {
    values[example * width..<(example + 1) * width]
  }

  /// The probabilities that the values of an example stand for: of each class the softmax of the scores, of independent
  /// properties the sigmoid. Values that are no scores stay as they are.
  package func probabilities(_ example: Int) -> [Float] {
    let scores = values(of: example)
    switch form {
    case .probabilities, .values: return Array(scores)
    case .scores:
      let greatest = scores.max() ?? 0
      let exponentials = scores.map { expf($0 - greatest) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    case .binaryScore:
      return scores.flatMap { [Predictions.sigmoid(-$0), Predictions.sigmoid($0)] }
    case .independentScores: return scores.map(Predictions.sigmoid)
    }
  }

  private static func sigmoid(_ score: Float) -> Float { 1 / (1 + expf(-score)) }

  /// The class with the greatest score, of equal ones the lowest; nil if a probability is NaN.
  package func bestClass(_ example: Int) -> Int? {
    guard !probabilities(example).contains(where: \.isNaN) else { return nil }
    let values = Array(values(of: example))
    let scores = form == .binaryScore ? [0] + values : values
    return scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
  }
}

extension PreparedModel {
  /// The name of the blob that predictions are; nil if no layer makes one.
  package var predictionName: String? { testing.prediction.map { testing.blobs[$0].name } }

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
    guard let prediction = testing.prediction, let name = predictionName else {
      throw .refusedInput("the network has no prediction: no layer makes a blob from others")
    }
    let reader = testing.nodesOfPrediction.first {
      testing.nodes[$0].bottoms.contains(Graph.labelBlob)
    }
    if let reader {
      throw .refused(
        Diagnostics(
          Diagnostic(
            "\(testing.nodes[reader].declaration.subject): the prediction '\(name.quotable)' "
              + "depends on the labels, which a prediction does not have: name another blob in "
              + "output, or with --blob",
            at: testing.nodes[reader].declaration.node.mark)))
    }
    let evaluator = try Evaluator(
      self, dataset.reshaped(to: signature.inputShape),
      batchSize: max(1, min(dataset.count, testing.batchSize)), purpose: .prediction, store: store,
      cache: cache, workers: workers)
    return Predictions(
      values: evaluator.predictions(), width: testing.blobs[prediction].shape.example.count,
      form: testing.predictionForm(
        training, hasClasses: signature.targetShape == nil, classCount: signature.classes?.count,
        isStated: file.output != nil))
  }
}
