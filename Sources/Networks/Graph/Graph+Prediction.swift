internal import DataSources
internal import Layers
internal import ModelFiles
internal import Tensors
internal import YAML

extension Graph {
  /// What the values of the prediction are.
  package enum PredictionForm: Sendable, Equatable {
    /// Scores of classes, one a class.
    case scores
    /// Probabilities of classes, one a class.
    case probabilities
    /// The score of the second of two classes.
    case binaryScore
    /// Scores of properties that exclude nothing of each other: their sigmoids are probabilities.
    case independentScores
    case values
  }

  /// The prediction: what `output:` names, or else what the losses read.
  ///
  /// - Parameter training: the network of the train phase, whose losses decide; nil for that network itself.
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

  /// Why a blob cannot be the prediction; nil if it can.
  private func mistake(in blob: Int, _ search: PredictionSearch) -> String? {
    guard let producer = blobs[blob].producer else {
      return "is filled by the data: expected a blob that a layer makes"
    }
    if nodes[producer].kind.scoring != nil {
      return "is the number of a loss or metric: expected a blob with values of each example"
    }
    return search.dependsOnLabels(blob)
      ? "depends on the labels, which a prediction does not have" : nil
  }

  /// The blob of this phase that corresponds to one of another: the same top of the same layer, or else the last blob
  /// of the name.
  ///
  /// - Parameter places: of the layers of this phase, by name.
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

  /// The losses and metrics that read a blob as their prediction, and what they compare it with.
  ///
  /// - Parameter name: of the blob.
  private func scorings(reading name: String) -> [(layer: any Scoring, target: String?)] {
    nodes.compactMap { node in
      guard let scoring = node.kind.scoring,
        let place = node.bottoms.firstIndex(where: { blobs[$0].name == name }),
        place == 0 || scoring.classScoring == nil
      else { return nil }
      return (scoring, node.bottoms.count == 2 ? blobs[node.bottoms[1 - place]].name : nil)
    }
  }

  /// The blobs that the prediction only shows in another form, itself first: the bottoms of views.
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

  /// How the values of the prediction are to be read.
  ///
  /// - Parameters:
  ///   - training: the network whose losses read the prediction.
  ///   - hasClasses: whether labels are numbers of classes.
  ///   - classCount: nil if it is not known.
  ///   - isStated: whether the model file, or the command line, names the prediction.
  package func predictionForm(
    _ training: Graph, hasClasses: Bool, classCount: Int?, isStated: Bool
  ) -> PredictionForm {
    guard let prediction else { return .values }
    let sources = predictionSources
    let isNormalized = sources.contains { $0.isNormalized }
    let shape = blobs[prediction].shape.example
    for source in sources {
      let name = blobs[source.blob].name
      for (scoring, target) in training.scorings(reading: name) + scorings(reading: name) {
        if let classes = scoring.classScoring, hasClasses {
          // One set of scores an example: others are values of positions.
          guard classes.classCount(blobs[source.blob].shape) == shape.count else { return .values }
          return isNormalized || scoring.predictionMeaning == .probabilities
            ? .probabilities : .scores
        }
        if scoring.predictionMeaning == .independentScores {
          let isBinary =
            hasClasses && classCount == 2 && shape.count == 1
            && target == blobs[Graph.labelBlob].name
          return isBinary ? .binaryScore : .independentScores
        }
        if scoring.kind.loss != nil { return .values }
      }
    }
    guard hasClasses, shape.count > 1, shape.count == classCount else { return .values }
    return isNormalized ? .probabilities : isStated ? .values : .scores
  }

  /// The blob of the data that a loss compares the prediction with; nil if it compares another.
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

  /// The blob that views show in another shape.
  private func origin(of blob: Int) -> Int {
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
