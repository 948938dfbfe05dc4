package import Kernels
internal import Layers
package import ModelFiles
package import Plans
package import Tensors
internal import YAML

/// A graph compiled for one phase and batch size.
package final class NetworkPlan {
  /// The purpose of a plan.
  package enum Purpose: Sendable {
    /// Computes losses and gradients.
    case training
    /// Computes losses and metrics.
    case testing
    /// Computes only the prediction. It does not read labels.
    case prediction
    /// Computes only the losses of a training step, with its noise and the statistics of the batch.
    case objective
    /// Like objective, but measures the statistics of layers again. Each batch has the weight that
    /// its source states.
    case statistics
    /// Like training, with the gradient of the data.
    case differentiation
    /// Like differentiation, in one slice, without fusion, and with every tensor kept after a run.
    case inspection

    var isTraining: Bool { self != .testing && self != .prediction }
    var hasGradients: Bool { isTraining && self != .objective && self != .statistics }
    var hasDataGradient: Bool { self == .differentiation || self == .inspection }
    var sharesBytes: Bool { self != .inspection }
  }

  package let graph: Graph
  package let scores: [Score]
  package let plan: Plan
  /// The network's prediction for a batch. It is kept after a run, except in training.
  package let prediction: Slot?
  let blobs: [Slot?]
  let gradients: [Slot?]
  /// By score: the plan's sums, and a buffer for a copy of them.
  private let statistics: [DoubleView]
  private var sums: [[Double]]

  /// - Parameters:
  ///   - shards: the model file's `solver.shards`. Nil for the default of
  ///     ``sliceCount(_:_:shards:)``.
  ///   - sharesBytes: false keeps every tensor after a run.
  /// - Throws: `KernelError` if there is not enough memory or `DLRUN_VECTORS` names
  ///   unknown tiles.
  package init(
    _ graph: Graph, purpose: Purpose, store: ParameterStore, source: BatchSource, shards: Int?,
    cache: ImplementationCache, sharesBytes: Bool = true
  ) throws(KernelError) {
    let (recorder, builder) = NetworkPlan.record(
      graph, purpose, store: store, source: source, shards: shards)
    prediction = graph.prediction.flatMap { recorder.blobs[$0] }
    self.graph = graph
    scores = recorder.scores
    blobs = recorder.blobs
    gradients = recorder.gradients
    let plan = try Plan(builder, cache: cache, sharesBytes: sharesBytes && purpose.sharesBytes)
    self.plan = plan
    statistics = scores.map { plan.doubles($0.statistics) }
    sums = statistics.map { Array(repeating: 0, count: $0.count) }
  }

  /// Returns the number of slices of a batch.
  ///
  /// By default, a training step has one slice for every 200 million floating-point operations,
  /// about a millisecond on one core. There are at most 8 slices, and at most one for each example.
  ///
  /// The rule depends only on the model, so that the number of threads cannot change a bit of the
  /// result.
  package static func sliceCount(_ graph: Graph, _ purpose: Purpose, shards: Int?) -> Int {
    if purpose == .inspection { return 1 }
    let passes = purpose.hasGradients ? 3.0 : 1.0
    let byWork = Int(min(8, max(1, passes * graph.forwardFlops / 200e6)))
    return min(shards ?? byWork, graph.batchSize)
  }

  /// - Parameters store, source: nil for a plan that is only estimated, and never run.
  private static func record(
    _ graph: Graph, _ purpose: Purpose, store: ParameterStore?, source: BatchSource?, shards: Int?
  ) -> (NetworkRecorder, PlanBuilder) {
    let recorder = NetworkRecorder(
      graph, store: store, source: source, sliceCount: sliceCount(graph, purpose, shards: shards),
      purpose: purpose)
    var builder = recorder.plan
    if !purpose.isTraining, let answer = graph.prediction.flatMap({ recorder.blobs[$0] }) {
      builder.keep(answer)
    }
    if purpose.hasDataGradient {
      for input in graph.inputBlobs {
        if let gradient = recorder.gradients[input] { builder.keep(gradient) }
      }
    }
    return (recorder, builder)
  }

  /// Returns the plan's memory before any of it is allocated.
  package static func estimatedMemory(
    _ graph: Graph, purpose: Purpose, shards: Int?
  ) -> PlanMemory {
    Plan.estimatedMemory(
      record(graph, purpose, store: nil, source: nil, shards: shards).1,
      sharesBytes: purpose.sharesBytes)
  }

  /// The objective of the last batch. Reading it allocates nothing.
  package var loss: Double {
    var sum = 0.0
    for (index, score) in scores.enumerated() {
      guard let weight = score.lossWeight else { continue }
      for place in sums[index].indices { sums[index][place] = statistics[index][place] }
      sum += weight * score.value(sums[index])
    }
    return sum
  }

  /// Returns the value of a loss or metric for the last batch.
  package func value(of score: Score) -> Double {
    score.value(statistics(of: score))
  }

  /// Returns the sums of a score over the examples of the last batch.
  package func statistics(of score: Score) -> [Double] {
    let view = plan.doubles(score.statistics)
    return (0..<view.count).map { view[$0] }
  }

  /// Returns the first layer with a non-finite output, or otherwise the first with a non-finite
  /// gradient in backward order. The plan must keep every tensor.
  package func firstNonFinite() -> (layer: String, tensor: String)? {
    for node in graph.nodes {
      for top in node.tops where isOutputNonFinite(top, of: node) {
        return (node.name, "output '\(graph.blobs[top].name)'")
      }
    }
    for node in graph.nodes.reversed() {
      for blob in node.tops where gradients.indices.contains(blob) {
        if let gradient = gradients[blob], hasNonFinite(gradient) {
          return (node.name, "gradient of output '\(graph.blobs[blob].name)'")
        }
      }
    }
    return nil
  }

  /// A label in the plan's batch that is outside the classes of the layer that reads it.
  package struct WrongLabel: Sendable {
    package let layer: LayerDeclaration
    /// The blob that contains the label.
    package let blob: String
    package let shape: Shape
    /// The row-major index of the label in the blob.
    package let index: Int
    package let value: Float
    package let classCount: Int
  }

  /// Returns the first label that is not a class, after a run of a plan that keeps every tensor.
  /// Nil when all labels are classes.
  package func firstWrongLabel() -> WrongLabel? {
    for node in graph.nodes where node.bottoms.count >= 2 {
      guard let scoring = node.kind.scoring?.classScoring,
        let count = scoring.classCount(graph.blobs[node.bottoms[0]].shape),
        let slot = blobs[node.bottoms[1]]
      else { continue }
      let labels = plan.floats(slot)
      let ignored = scoring.ignoredLabel.map { Float($0) }
      for index in 0..<labels.count {
        let label = labels[index]
        let isClass = label >= 0 && label < Float(count) && label == label.rounded()
        if isClass || label == ignored { continue }
        let blob = graph.blobs[node.bottoms[1]]
        return WrongLabel(
          layer: node.declaration, blob: blob.name, shape: blob.shape, index: index, value: label,
          classCount: count)
      }
    }
    return nil
  }

  private func isOutputNonFinite(_ blob: Int, of node: Graph.Node) -> Bool {
    guard node.kind.scoring != nil, blob == node.tops[0] else { return hasNonFinite(blobs[blob]) }
    return node.kind.loss != nil
      && scores.contains { $0.statistics == blobs[blob] && !Float(value(of: $0)).isFinite }
  }

  private func hasNonFinite(_ slot: Slot?) -> Bool {
    guard let slot else { return false }
    let view = plan.floats(slot)
    return !view.isFinite
  }
}
