internal import DataFiles
internal import Files
internal import Layers
internal import ModelFiles
internal import Networks
internal import YAML

/// Detects batches with only one value per batch statistic, such as a batch of one table row.
///
/// A single value has no variance: normalization turns every value into 0. A model in which this
/// holds for every batch is refused. If only the last batch of an epoch is affected, the user gets
/// a warning. The layer then excludes that batch from its running averages.
enum SingleValueBatches {
  /// Returns the layers that have one value per statistic in a batch of one example.
  private static func layers(of graph: Graph) -> [LayerDeclaration] {
    graph.nodes.filter { node in
      let values = node.layer.batchStatisticCount(
        graph.inputShapes(of: node), isTraining: graph.phase == .train)
      return values == 1
    }.map(\.declaration)
  }

  /// Reports every layer of `graph` whose batches all have one example.
  ///
  /// - Parameter exampleCount: The number of examples of the graph's part. Nil when only reading
  ///   shows it.
  static func check(_ graph: Graph, exampleCount: Int?, _ diagnostics: inout Diagnostics) {
    let cause: String
    switch (graph.batchSize, exampleCount) {
    case (1, _): cause = "batch_size is 1"
    case (_, 1): cause = "the data have 1 example"
    default: return
    }
    for layer in layers(of: graph) {
      diagnostics.error(
        "\(layer.subject): every \(graph.phase.rawValue) batch has one value per channel (\(cause)), "
          + "which has no variance; expected at least 2 values: set a larger batch_size, or use a "
          + "layer that normalizes each example, such as LayerNorm", at: layer.node.mark)
    }
  }

  /// Returns a warning for each layer of `graph` whose last batch of an epoch has one example.
  static func warnings(_ graph: Graph, exampleCount: Int) -> [Warning] {
    let batchSize = graph.batchSize
    guard batchSize > 1, exampleCount > batchSize, exampleCount % batchSize == 1 else { return [] }
    let consequence =
      graph.phase == .train
      ? "it is normalized to 0, and left out of the running averages" : "it is normalized to 0"
    return layers(of: graph).map { layer in
      Warning(
        .singleValues, layer: layer.name,
        "\(layer.subject): the last \(graph.phase.rawValue) batch of an epoch has one value per channel "
          + "(\(exampleCount) examples in batches of \(batchSize)), which has no variance: "
          + "\(consequence); try another batch_size", at: layer.node.mark)
    }
  }
}

extension PreparedModel {
  /// Checks that each part has some batch with more than one value per statistic.
  ///
  /// - Parameters train, test: The numbers of examples of the parts. Nil for a missing test part.
  /// - Throws: ``RunFailure/refused(_:)`` at the layers that have one value in every batch.
  func checkBatches(train: Int, test: Int?) throws(RunFailure) {
    var mistakes = Diagnostics()
    SingleValueBatches.check(training, exampleCount: train, &mistakes)
    SingleValueBatches.check(testing, exampleCount: test ?? train, &mistakes)
    if mistakes.hasErrors { throw .refused(mistakes) }
  }
}
