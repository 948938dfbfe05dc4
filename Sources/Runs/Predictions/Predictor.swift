internal import DataFiles
package import DataSources
package import Files
internal import Glibc
internal import ModelFiles
package import Networks
package import Plans
internal import Tensors
package import Threads
internal import Training
internal import YAML

extension PreparedModel {
  /// The name of the predicted blob. Nil when no layer makes one.
  package var predictionName: String? { testing.prediction.map { testing.blobs[$0].name } }

  /// Runs the network of the test phase, without losses and metrics, over examples that need no
  /// labels.
  ///
  /// - Parameter dataset: The examples, standardized if the model's data are.
  /// - Throws: ``RunFailure`` for examples of another size, or if the prediction depends on the
  ///   labels.
  package func predict(
    _ dataset: Dataset, store: ParameterStore, cache: ImplementationCache, workers: Workers
  ) throws(RunFailure) -> Predictions {
    let (inputs, received) = (signature.inputs, dataset.signature.inputs)
    guard inputs.map(\.width) == received.map(\.width) else {
      throw .refusedInput(
        "the network reads \(signature.inputCount) values per example, received "
          + "\(dataset.signature.inputCount)"
      )
    }
    try checkPrediction()
    guard let prediction = testing.prediction else { preconditionFailure("a prediction was found") }
    let evaluator = try Evaluator(
      self, dataset.transforms == nil ? dataset.reshaped(to: inputs[0].shape) : dataset,
      batchSize: max(1, min(dataset.count, testing.batchSize)), purpose: .prediction, store: store,
      cache: cache, workers: workers)
    let values = try file.data.locating { () throws(DataFailure) in
      try evaluator.predictions()
    }
    return Predictions(
      values: values, width: testing.blobs[prediction].shape.example.count,
      form: testing.predictionForm(training, isStated: file.output != nil))
  }

  /// Checks that the network has a prediction that does not depend on the labels.
  package func checkPrediction() throws(RunFailure) {
    guard testing.prediction != nil, let name = predictionName else {
      throw .refusedInput("the network has no prediction: no layer makes a blob from others")
    }
    let reader = testing.nodesOfPrediction.first {
      testing.nodes[$0].bottoms.contains(where: testing.isTarget)
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
  }
}
