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
  /// Of a metric: whether a greater number is a better one.
  package let isBetterWhenGreater: Bool?
  /// The sums over the batch's examples.
  package let statistics: Slot
  /// True where the sums are those of single examples: batches are joined, and not added.
  package var keepsExamples = false
  /// The number that sums make, which may be those of several batches.
  package let value: @Sendable ([Double]) -> Double
  /// What they tell beside it, the classes called by name.
  package var table: @Sendable ([Double], [String]) -> ScoreTable? = { _, _ in nil }

  package var isLoss: Bool { lossWeight != nil }
}

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
  private(set) var plan: PlanBuilder
  private(set) var scores: [Score] = []
  /// By blob: its values; nil for one that is not computed.
  private(set) var blobs: [Slot?]
  /// By blob: its gradient.
  private(set) var gradients: [Slot?] = []
  /// By blob: copies in other layouts.
  private var copies: [[TensorLayout: Slot]]
  private var passes: [Int: LayerPass] = [:]
  /// By parameter: its value and gradient.
  private var parameters: [(value: Slot, gradient: Slot?)] = []

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

  // MARK: Forward

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
      outputs: outputs, objectiveBatchSize: objectiveBatchSize, isTraining: purpose.isTraining,
      noise: purpose.isTraining ? source?.noise(layer: node.name) : nil,
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
    for (top, weight) in node.declaration.scoredTops {
      let name = graph.blobs[node.tops[top]].name
      if top == 0, let scoring = node.layer as? any Scoring {
        scores.append(
          Score(
            name: name, lossWeight: weight,
            isBetterWhenGreater: (scoring as? any Metric)?.isBetterWhenGreater,
            statistics: pass.statistics.total, keepsExamples: scoring.keepsExamples,
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
      let batch = objectiveBatchSize
      scores.append(
        Score(
          name: name, lossWeight: weight, isBetterWhenGreater: nil, statistics: total,
          value: { TopSum.value(of: $0, batch: batch) }))
    }
  }

  // MARK: Backward

  private mutating func recordBackward() {
    plan.isBackward = true
    let needed = graph.blobsThatNeedGradients(ofData: purpose.hasDataGradient)
    let reached = graph.nodesThatLossesReach(needed)
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
      for top in node.declaration.scoredTops {
        if let gradient = recordWeight(top, node) {
          contributions[node.tops[top.index]] += [gradient]
        }
      }
      pass.outputGradients = node.tops.map { combine(contributions[$0], $0) }
      for (top, gradient) in zip(node.tops, pass.outputGradients) { gradients[top] = gradient }
      let isNeeded = node.bottoms.indices.map { bottom in
        needed.contains(node.bottoms[bottom]) && node.declaration.propagates(toBottom: bottom)
      }
      if node.layer.isView {
        // Several tops of one view are readers of one blob.
        let parts = pass.outputGradients.compactMap { $0 }
        pass.inputGradients = [
          isNeeded[0] ? combine(parts.reversed(), node.tops[0]) : nil
        ]
      } else {
        pass.inputGradients = node.bottoms.indices.map { bottom in
          isNeeded[bottom]
            ? plan.batchSlot(
              "∂\(graph.blobs[node.bottoms[bottom]].name)", pass.inputShapes[bottom],
              layout: pass.inputLayouts[bottom]) : nil
        }
        pass.parameters = node.parameters.map { partOfParameter($0, uses: uses[$0], &parts[$0]) }
        recordBackward(node, &pass)
      }
      for (bottom, gradient) in zip(node.bottoms, pass.inputGradients) {
        if let gradient { contributions[bottom].append(inOwnLayout(gradient, of: bottom)) }
      }
    }
    if purpose.hasDataGradient {
      plan.layer = "data"
      gradients[Graph.dataBlob] = combine(contributions[Graph.dataBlob], Graph.dataBlob)
    }
    sumParameterParts(parts)
  }

  /// Records the layer's `backward`. An input whose gradient it does not make, such as the number of
  /// a class, has none.
  private mutating func recordBackward(_ node: Graph.Node, _ pass: inout LayerPass) {
    let (asked, start) = (pass.inputGradients, plan.operations.count)
    node.layer.backward(&pass, &plan)
    let written = Set(plan.operations[start...].flatMap(\.writes))
    for (input, slot) in asked.enumerated() {
      // A layer may pass a gradient on in the place of its own.
      guard let slot, pass.inputGradients[input] == slot, !written.contains(slot) else { continue }
      pass.inputGradients[input] = nil
    }
  }

  /// The gradient of a top's own weight in the loss: the weight at every element. A loss sees to its
  /// own.
  private mutating func recordWeight(
    _ top: (index: Int, weight: Double?), _ node: Graph.Node
  ) -> Slot? {
    guard let weight = top.weight, top.index > 0 || !(node.layer is any Scoring),
      let slot = blobs[node.tops[top.index]]
    else { return nil }
    let gradient = plan.batchSlot(
      "∂\(graph.blobs[node.tops[top.index]].name)", plan.shape(of: slot),
      layout: plan.layout(of: slot))
    plan.record("loss weight", reads: [], writes: [gradient]) { binding in
      Fill(binding.floats(gradient), with: Float(weight))
    }
    return gradient
  }

  /// A gradient in the layout of its blob.
  private mutating func inOwnLayout(_ gradient: Slot, of blob: Int) -> Slot {
    let layout = blobs[blob].map(plan.layout(of:)) ?? .plain
    guard plan.layout(of: gradient) != layout else { return gradient }
    let copy = plan.batchSlot(
      "∂\(graph.blobs[blob].name) \(layout.rawValue)", graph.blobs[blob].shape, layout: layout)
    plan.reorder(gradient, to: copy)
    return copy
  }

  /// The gradient of a blob, from what its readers gave (collected from the last reader to the
  /// first).
  private mutating func combine(_ parts: [Slot], _ blob: Int) -> Slot? {
    guard parts.count > 1 else { return parts.first }
    let sum = plan.batchSlot(
      "∂\(graph.blobs[blob].name)", graph.blobs[blob].shape, layout: plan.layout(of: parts[0]))
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
