internal import DataFiles
internal import DataSources
internal import Layers
internal import ModelFiles
internal import Tensors
internal import YAML

extension Graph {
  /// The meaning of the prediction's values.
  package enum PredictionForm: Sendable, Equatable {
    /// One score for each class.
    case scores
    /// One probability for each class.
    case probabilities
    /// The score of the second of two classes.
    case binaryScore
    /// Scores of properties that do not exclude each other. Their sigmoids are probabilities.
    case independentScores
    case values
  }

  /// Returns the prediction: the blob that `output:` names, or by default the blob that the losses
  /// read.
  ///
  /// - Parameter training: the network of the train phase, whose losses decide. Nil for that
  ///   network itself.
  func findPrediction(
    _ model: ModelFile, training: Graph?, _ diagnostics: inout Diagnostics
  ) -> Int? {
    let search = PredictionSearch(self)
    if let output = model.output {
      if let blob = blobs.lastIndex(where: { $0.name == output.name }) {
        guard phase == .test, let mistake = mistake(in: blob, search) else { return blob }
        diagnostics.error("output: '\(output.name.quotable)' \(mistake)", at: output.mark)
        return nil
      }
      guard phase == .train else {
        let known = nodes.filter { $0.kind.scoring == nil }.flatMap(\.tops)
        diagnostics.error(
          "output: no layer of the test phase makes a blob '\(output.name.quotable)'",
          at: output.mark, suggestion: known.map { blobs[$0].name }.nearest(to: output.name))
        return nil
      }
    }
    let places = Dictionary(
      model.network.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let trained = training.flatMap { training in
      let nodes = Dictionary(
        self.nodes.enumerated().map { ($0.element.name, $0.offset) },
        uniquingKeysWith: { first, _ in first })
      return PredictionSearch(training).firstPrediction(places: places) {
        blob(like: $0, of: training, nodes)
      }
    }
    return trained ?? search.firstPrediction(places: places) { $0 } ?? search.predictionWithoutLoss
  }

  /// Returns the reason why a blob cannot be the prediction. Nil when it can.
  private func mistake(in blob: Int, _ search: PredictionSearch) -> String? {
    guard let producer = blobs[blob].producer else {
      return "is filled by the data: expected a blob that a layer makes"
    }
    if nodes[producer].kind.scoring != nil {
      return "is the value of a loss or metric: expected a blob with values for each example"
    }
    return search.dependsOnLabels(blob)
      ? "depends on the labels, which a prediction does not have" : nil
  }

  /// Returns the blob of this phase that corresponds to a blob of another phase.
  ///
  /// It is the same top of the same layer, or otherwise the last blob with the same name.
  ///
  /// - Parameter places: the indices of this phase's layers, by name.
  private func blob(like blob: Int, of other: Graph, _ places: [String: Int]) -> Int? {
    let wanted = other.blobs[blob]
    if let producer = wanted.producer, let place = places[other.nodes[producer].name],
      let index = other.nodes[producer].tops.firstIndex(of: blob),
      index < nodes[place].tops.count, blobs[nodes[place].tops[index]].name == wanted.name
    {
      return nodes[place].tops[index]
    }
    return blobs.lastIndex { $0.name == wanted.name && $0.producer != nil }
  }

  /// Returns the losses and metrics that read a blob as their prediction, and the names of their
  /// targets.
  ///
  /// - Parameter name: the name of the blob.
  private func scorings(reading name: String) -> [(layer: any Scoring, target: String?)] {
    nodes.compactMap { node in
      guard let scoring = node.kind.scoring,
        let place = node.bottoms.firstIndex(where: { blobs[$0].name == name }),
        place == 0 || scoring.classScoring == nil
      else { return nil }
      return (scoring, node.bottoms.count == 2 ? blobs[node.bottoms[1 - place]].name : nil)
    }
  }

  /// The prediction, followed by the blobs from which views or a layer of probabilities compute it.
  private var predictionSources: [(blob: Int, isNormalized: Bool)] {
    var sources: [(blob: Int, isNormalized: Bool)] = []
    var (next, isNormalized) = (prediction, false)
    while let blob = next {
      sources.append((blob, isNormalized))
      guard let producer = blobs[blob].producer else { break }
      let node = nodes[producer]
      guard node.layer.isView || (node.layer.makesProbabilities && !isNormalized) else { break }
      isNormalized = isNormalized || node.layer.makesProbabilities
      next = node.bottoms.first
    }
    return sources
  }

  /// Returns the meaning of the prediction's values.
  ///
  /// - Parameters:
  ///   - training: the network whose losses read the prediction.
  ///   - isStated: whether the model file or the command line names the prediction.
  package func predictionForm(
    _ training: Graph, isStated: Bool
  ) -> PredictionForm {
    guard let prediction else { return .values }
    let labels = dataTops.first { $0.isTarget && $0.hasClasses }
    let sources = predictionSources
    let isNormalized = sources.contains { $0.isNormalized }
    let shape = blobs[prediction].shape.example
    for source in sources {
      let name = blobs[source.blob].name
      for (scoring, target) in training.scorings(reading: name) + scorings(reading: name) {
        let stated = dataTops.first { $0.isTarget && $0.name == target }
        let (target, hasClasses) = (stated, (stated ?? labels)?.hasClasses ?? false)
        let isProbability =
          stated.map { !$0.hasClasses && $0.shape == blobs[source.blob].shape.example } ?? false
        if let classes = scoring.classScoring,
          hasClasses || classes.acceptsProbabilities && isProbability
        {
          // A form with scores needs a single set of scores for each example. Several sets belong
          // to several positions, and count as values.
          guard classes.classCount(blobs[source.blob].shape) == shape.count else { return .values }
          return isNormalized || scoring.predictionMeaning == .probabilities
            ? .probabilities : .scores
        }
        if scoring.predictionMeaning == .independentScores {
          let isBinary =
            hasClasses && target?.classes?.count == 2 && shape.count == 1
          return isBinary ? .binaryScore : .independentScores
        }
        if scoring.kind.loss != nil { return .values }
      }
    }
    guard let labels, shape.count > 1, shape.count == labels.classes?.count else {
      return .values
    }
    return isNormalized ? .probabilities : isStated ? .values : .scores
  }

  /// Returns the blob of the data that a loss compares with the prediction. Nil when the target is
  /// not a blob of the data.
  package func targetOfPrediction(_ training: Graph) -> Int? {
    for source in predictionSources where !source.isNormalized {
      let name = blobs[source.blob].name
      for graph in [training, self] {
        for node in graph.nodes where node.kind.loss != nil && node.bottoms.count == 2 {
          guard let place = node.bottoms.firstIndex(where: { graph.blobs[$0].name == name })
          else { continue }
          let other = graph.origin(of: node.bottoms[1 - place])
          if graph.blobs[other].producer == nil { return other }
        }
      }
    }
    return nil
  }

  /// Returns the blob behind a chain of views. It has the same values in another shape.
  func origin(of blob: Int) -> Int {
    var blob = blob
    while let producer = blobs[blob].producer, nodes[producer].layer.isView,
      let bottom = nodes[producer].bottoms.first
    {
      blob = bottom
    }
    return blob
  }
}

extension Layer {
  fileprivate var makesProbabilities: Bool { outputMeaning == .probabilities }
}
