internal import DataSources
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Plans
internal import Tensors
internal import YAML

/// Records a graph into a plan: forward, and backward where gradients are wanted.
///
/// Backward, every blob's gradient is the sum of what its readers give, in the order of the layers;
/// a blob that no loss depends on, or that depends on no parameter, has none.
/// Where it is asked for, the data have a gradient too, and so has all that depends on them.
///
/// A blob lies in the layout that its layer chose. A layer that reads it in another reads a copy,
/// which all readers of that layout share.
struct NetworkRecorder {
  let graph: Graph
  let store: ParameterStore?
  let source: BatchSource?
  let purpose: NetworkPlan.Purpose
  var plan: PlanBuilder
  private(set) var scores: [Score] = []
  /// By blob: its values; nil for one that is not computed.
  private(set) var blobs: [Slot?]
  /// By blob: its gradient.
  var gradients: [Slot?] = []
  /// By blob: copies in other layouts.
  private var copies: [[TensorLayout: Slot]]
  private(set) var passes: [Int: LayerPass] = [:]
  /// By parameter: its value and gradient.
  private(set) var parameters: [(value: Slot, gradient: Slot?)] = []

  /// - Parameters:
  ///   - store: nil to estimate the memory of a plan that is never run; so `source`.
  init(
    _ graph: Graph, store: ParameterStore?, source: BatchSource?, sliceCount: Int,
    purpose: NetworkPlan.Purpose
  ) {
    self.graph = graph
    self.store = store
    self.source = source
    self.purpose = purpose
    plan = PlanBuilder(
      batchSize: graph.batchSize, sliceCount: sliceCount,
      hasConstantParameters: store.map { !$0.isForTraining } ?? false)
    blobs = Array(repeating: nil, count: graph.blobs.count)
    copies = Array(repeating: [:], count: graph.blobs.count)
    let nodes =
      purpose == .prediction ? graph.nodesOfPrediction : Array(graph.nodes.indices)
    addParameters()
    recordData(nodes)
    for node in nodes { recordForward(node) }
    if purpose.hasGradients { recordBackward() }
  }

  private mutating func addParameters() {
    for (index, parameter) in graph.parameters.enumerated() {
      let shape = parameter.declaration.shape
      let value = plan.externalSlot(parameter.name, shape, store?.value(index))
      let gradient =
        purpose.hasGradients && parameter.isTrainable
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

  /// Of how many examples the sum that is minimised is one: those of the batch, and in a test those
  /// of a training batch, so that the same is measured however the test is cut.
  private var objectiveBatchSize: Int {
    purpose.isTraining ? graph.batchSize : graph.trainingBatchSize
  }

  /// How many examples the largest batch of the data has.
  private var fullBatchSize: Int? {
    (source?.epochOrder).map { min($0.batchSize, $0.count) }
  }

  private mutating func recordForward(_ index: Int) {
    let node = graph.nodes[index]
    plan.layer = node.name
    let (inputShapes, outputShapes) = (graph.inputShapes(of: node), graph.outputShapes(of: node))
    let given = node.bottoms.map { blobs[$0].map(plan.layout(of:)) ?? .plain }
    let layouts = node.layer.layouts(inputShapes, given: given, topCount: node.tops.count)
    let inputs = zip(node.bottoms, layouts.inputs).compactMap { read($0, in: $1) }
    var outputs =
      node.layer.isView
      ? node.tops.map { _ in inputs[0] }
      : node.tops.indices.map { top in
        plan.batchSlot(
          graph.blobs[node.tops[top]].name, outputShapes[top], layout: layouts.outputs[top])
      }
    var statistics = (part: Slot?.none, total: Slot?.none)
    if let scoring = node.layer as? any Scoring {
      let (part, total) = plan.statistics(
        node.name, count: scoring.statisticCount(inputShapes))
      statistics = (part, total)
      outputs[0] = total
    }
    for (top, slot) in zip(node.tops, outputs) { blobs[top] = slot }
    let weight = node.declaration.scoredTops.first { $0.index == 0 }?.weight ?? 1
    // A layer without tops computes nothing, and has no sums.
    let none = outputs.first ?? inputs[0]
    var pass = LayerPass(
      inputShapes: inputShapes, outputShapes: outputShapes, layouts: layouts, inputs: inputs,
      outputs: outputs,
      // The mean over the examples is taken of a metric, so that a formula divides by none.
      objectiveBatchSize: node.declaration.isOwnMetric ? 1 : objectiveBatchSize,
      fullBatchSize: fullBatchSize,
      isTraining: purpose.isTraining,
      noise: purpose.isTraining ? source?.noise(layer: node.name) : nil,
      measuredShare: purpose == .statistics ? source?.measuredShare : nil,
      parameters: node.parameters.map {
        LayerPass.Parameter(
          value: parameters[$0].value, gradient: parameters[$0].gradient,
          order: graph.parameters[$0].declaration.order)
      },
      lossWeight: weight,
      statistics: (statistics.part ?? none, statistics.total ?? none))
    if !node.layer.isView { node.layer.forward(&pass, &plan) }
    passes[index] = pass
    recordScores(node, pass)
  }

  /// The blob in a layout: itself, or a copy.
  private mutating func read(_ blob: Int, in layout: TensorLayout) -> Slot? {
    guard let slot = blobs[blob], plan.layout(of: slot) != layout else { return blobs[blob] }
    if let copy = copies[blob][layout] { return copy }
    let copy = plan.batchSlot(
      "\(graph.blobs[blob].name) \(layout.rawValue)", graph.blobs[blob].shape, layout: layout)
    plan.reorder(slot, to: copy)
    copies[blob][layout] = copy
    return copy
  }

  /// Lists the numbers that the node's tops are, and records the sums of those that are no loss or
  /// metric of themselves.
  private mutating func recordScores(_ node: Graph.Node, _ pass: LayerPass) {
    for (top, weight) in node.declaration.scoredTops
    where weight != nil || !purpose.isTraining || node.layer is any Scoring {
      let name = graph.blobs[node.tops[top]].name
      if top == 0, let scoring = node.layer as? any Scoring {
        scores.append(
          Score(
            name: name, lossWeight: weight,
            isBetterWhenGreater: (scoring as? any Metric)?.isBetterWhenGreater,
            statistics: pass.statistics.total, join: scoring.join(_:to:),
            value: scoring.value(of:), table: scoring.table(of:classNames:)))
        continue
      }
      let (part, total) = plan.statistics(name, count: TopSum.statisticCount)
      let slot = pass.outputs[top]
      plan.record("sum of values", reads: [slot], writes: [part]) { binding in
        TopSum(
          of: binding.floats(slot), statistics: binding.doubles(part),
          examples: binding.examples.count)
      }
      plan.sum(part, to: total)
      let (batch, width) = (objectiveBatchSize, pass.outputShapes[top].example.count)
      let isMetric = weight == nil
      scores.append(
        Score(
          name: name, lossWeight: weight,
          isBetterWhenGreater: node.declaration.metricDirection?.isBetterWhenGreater,
          statistics: total, join: TopSum.join(_:to:),
          value: {
            isMetric ? TopSum.mean(of: $0, width: width) : TopSum.value(of: $0, batch: batch)
          }))
    }
  }
}
