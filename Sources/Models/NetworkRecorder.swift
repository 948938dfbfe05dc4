internal import DataSources
internal import Kernels
package import Layers
package import Plans
internal import Tensors

/// A number that a plan computes: a loss or a metric.
package struct Score: Sendable {
  /// The name of its top.
  package let name: String
  /// Factor in the sum that is minimised; nil for a metric.
  package let lossWeight: Double?
  package let layer: any Scoring
  /// The sums over the batch's examples.
  package let statistics: Slot

  package var isLoss: Bool { lossWeight != nil }
}

/// Records a graph into a plan: forward, and backward where gradients are wanted.
///
/// Backward, every blob's gradient is the sum of what its readers give, in the order of the layers;
/// a blob that no loss depends on, or that depends on no parameter, has none.
struct NetworkRecorder {
  let graph: Graph
  let store: ParameterStore?
  let source: BatchSource?
  private(set) var plan: PlanBuilder
  private(set) var scores: [Score] = []
  /// By blob: its values; nil for one that is not computed.
  private(set) var blobs: [Slot?]
  /// By blob: its gradient.
  private(set) var gradients: [Slot?] = []
  private var passes: [Int: LayerPass] = [:]
  /// By parameter: its value and gradient.
  private var parameters: [(value: Slot, gradient: Slot?)] = []

  /// - Parameters:
  ///   - store: nil to estimate the memory of a plan that is never run; so `source`.
  ///   - withScores: false computes the network's answer alone.
  init(
    _ graph: Graph, store: ParameterStore?, source: BatchSource?, sliceCount: Int,
    withScores: Bool, withGradients: Bool
  ) {
    self.graph = graph
    self.store = store
    self.source = source
    plan = PlanBuilder(
      batchSize: graph.batchSize, sliceCount: sliceCount,
      hasConstantParameters: store.map { !$0.isForTraining } ?? false)
    blobs = Array(repeating: nil, count: graph.blobs.count)
    let nodes = withScores ? Array(graph.nodes.indices) : graph.nodesOfPrediction
    addParameters(withGradients: withGradients)
    recordData(nodes)
    for node in nodes { recordForward(node) }
    if withGradients { recordBackward() }
  }

  private mutating func addParameters(withGradients: Bool) {
    for (index, parameter) in graph.parameters.enumerated() {
      let shape = parameter.declaration.shape
      let value = plan.externalSlot(parameter.name, shape, store?.value(index))
      let gradient =
        withGradients && parameter.isTrainable
        ? plan.externalSlot("∂\(parameter.name)", shape, store?.gradient(index)) : nil
      parameters.append((value, gradient))
    }
  }

  private mutating func recordData(_ nodes: [Int]) {
    plan.layer = "data"
    let read = Set(nodes.flatMap { graph.nodes[$0].bottoms })
    for (index, blob) in graph.blobs.enumerated() where blob.producer == nil {
      let slot = plan.batchSlot(blob.name, blob.shape)
      blobs[index] = slot
      guard read.contains(index) else { continue }
      let (source, isLabel) = (source, index == Graph.labelBlob)
      let width = blob.shape.example.count
      plan.record("gather", reads: [], writes: [slot]) { binding in
        guard let source else { preconditionFailure("a plan without examples is not run") }
        return source.gather(
          isLabel ? source.dataset.targets : source.dataset.inputs, width: width,
          examples: binding.examples, to: binding.floats(slot))
      }
    }
  }

  private mutating func recordForward(_ index: Int) {
    let node = graph.nodes[index]
    plan.layer = node.name
    let inputs = node.bottoms.compactMap { blobs[$0] }
    let (inputShapes, outputShapes) = (graph.inputShapes(of: node), graph.outputShapes(of: node))
    var outputs: [Slot] = []
    var statistics = (part: Slot?.none, total: Slot?.none)
    if let scoring = node.layer as? any Scoring {
      let (part, total) = plan.statistics(
        node.name, count: scoring.statisticCount(inputShapes))
      statistics = (part, total)
      outputs = [total]
      let weight = node.layer is any Loss ? node.declaration.header.lossWeight ?? 1 : nil
      scores.append(
        Score(
          name: graph.blobs[node.tops[0]].name, lossWeight: weight, layer: scoring,
          statistics: total))
    } else if node.layer.isView {
      outputs = inputs
    } else {
      outputs = zip(node.tops, outputShapes).map { plan.batchSlot(graph.blobs[$0].name, $1) }
    }
    for (top, slot) in zip(node.tops, outputs) { blobs[top] = slot }
    var pass = LayerPass(
      inputShapes: inputShapes, outputShapes: outputShapes, inputs: inputs, outputs: outputs,
      parameters: node.parameters.map {
        LayerPass.Parameter(
          value: parameters[$0].value, gradient: parameters[$0].gradient,
          order: graph.parameters[$0].declaration.order)
      },
      lossWeight: node.declaration.header.lossWeight ?? 1,
      statistics: (statistics.part ?? outputs[0], statistics.total ?? outputs[0]))
    node.layer.forward(&pass, &plan)
    passes[index] = pass
  }

  // MARK: Backward

  private mutating func recordBackward() {
    let needed = graph.blobsThatNeedGradients
    let reached = graph.nodesThatLossesReach
    var contributions = [[Slot]](repeating: [], count: graph.blobs.count)
    gradients = Array(repeating: nil, count: graph.blobs.count)
    var parts = [[Slot]](repeating: [], count: graph.parameters.count)
    let uses = graph.parameters.indices.map { parameter in
      reached.count { graph.nodes[$0].parameters.contains(parameter) }
    }
    for index in reached.reversed() {
      let node = graph.nodes[index]
      guard var pass = passes[index] else { continue }
      plan.layer = node.name
      pass.outputGradients = node.tops.map { combine(contributions[$0], $0) }
      for (top, gradient) in zip(node.tops, pass.outputGradients) { gradients[top] = gradient }
      if node.layer.isView {
        if let gradient = pass.outputGradients[0], needed.contains(node.bottoms[0]) {
          contributions[node.bottoms[0]].append(gradient)
        }
        continue
      }
      pass.inputGradients = zip(node.bottoms, pass.inputShapes).map { bottom, shape in
        needed.contains(bottom) ? plan.batchSlot("∂\(graph.blobs[bottom].name)", shape) : nil
      }
      pass.parameters = node.parameters.map { partOfParameter($0, uses: uses[$0], &parts[$0]) }
      node.layer.backward(&pass, &plan)
      for (bottom, gradient) in zip(node.bottoms, pass.inputGradients) {
        if let gradient { contributions[bottom].append(gradient) }
      }
    }
    sumParameterParts(parts)
  }

  /// The gradient of a blob, from what its readers gave (collected from the last reader to the
  /// first).
  private mutating func combine(_ parts: [Slot], _ blob: Int) -> Slot? {
    guard parts.count > 1 else { return parts.first }
    let sum = plan.batchSlot("∂\(graph.blobs[blob].name)", graph.blobs[blob].shape)
    plan.sum(parts.reversed(), to: sum)
    return sum
  }

  /// Where a layer puts a parameter's gradient: in its place, or beside it where other layers share
  /// the parameter.
  private mutating func partOfParameter(
    _ index: Int, uses: Int, _ parts: inout [Slot]
  ) -> LayerPass.Parameter {
    let declaration = graph.parameters[index].declaration
    var gradient = parameters[index].gradient
    if gradient != nil, uses > 1 {
      let part = plan.sharedSlot("∂\(graph.parameters[index].name) part", declaration.shape)
      parts.append(part)
      gradient = part
    }
    return LayerPass.Parameter(
      value: parameters[index].value, gradient: gradient, order: declaration.order)
  }

  private mutating func sumParameterParts(_ parts: [[Slot]]) {
    for (index, parts) in parts.enumerated() where parts.count > 1 {
      guard let gradient = parameters[index].gradient else { continue }
      plan.layer = graph.parameters[index].name
      plan.sum(parts.reversed(), to: gradient)
    }
  }
}
