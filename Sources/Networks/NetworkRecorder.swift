internal import DataSources
internal import Kernels
internal import LayerKernels
internal import Layers
internal import ModelFiles
internal import Plans
internal import Tensors
internal import YAML

/// Records a graph into a plan: the data, every layer forward, and gradients.
///
/// Only layers that a loss depends on get gradients. If the purpose asks for the gradient of the
/// data, all layers that depend on the data get gradients too.
struct NetworkRecorder {
  let graph: Graph
  let store: ParameterStore?
  let source: BatchSource?
  let purpose: NetworkPlan.Purpose
  var plan: PlanBuilder
  private(set) var scores: [Score] = []
  /// The weights of the examples, which losses read. Nil when all count alike.
  private var exampleWeights: Slot?
  /// The values and parameters of the tape have the same numbers as the blobs and parameters of the
  /// graph.
  private var tape = LayerTape()

  /// - Parameters:
  ///   - store: the parameters. Nil for a plan that is only estimated, and never run.
  ///   - source: the examples. Nil when `store` is nil.
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
    for blob in graph.blobs { _ = tape.value(blob.name, blob.shape) }
    let nodes =
      purpose == .prediction ? graph.nodesOfPrediction : Array(graph.nodes.indices)
    let gradients = addParameters()
    recordData(nodes)
    for node in nodes { record(graph.nodes[node]) }
    guard purpose.hasGradients else { return }
    tape.backward(
      to: purpose.hasDataGradient ? graph.inputBlobs.map(LayerTape.Value.init) : [],
      parameterGradients: gradients, sourceName: purpose.hasDataGradient ? "data" : nil, &plan)
  }

  /// By blob: its values. Nil for a blob that is not computed.
  var blobs: [Slot?] { graph.blobs.indices.map { tape.slot(of: LayerTape.Value($0)) } }

  /// By blob: its gradient. Nil for a blob without a gradient.
  var gradients: [Slot?] { graph.blobs.indices.map { tape.gradient(of: LayerTape.Value($0)) } }

  /// Adds the parameters and returns the slots of their gradients.
  private mutating func addParameters() -> [Slot?] {
    graph.parameters.enumerated().map { index, parameter in
      let (shape, order) = (parameter.declaration.shape, parameter.declaration.order)
      let value =
        firstState(of: parameter)
        ?? plan.externalSlot(parameter.name, shape, store?.value(index))
      _ = tape.parameter(parameter.name, shape, ParameterTensor(value: value, order: order))
      return purpose.hasGradients && parameter.isTrainable
        ? plan.externalSlot("∂\(parameter.name)", shape, store?.gradient(index)) : nil
    }
  }

  /// Returns a slot with the initial values of a state, for a plan other than a training step. Nil
  /// when the plan uses the values of the store.
  private mutating func firstState(of parameter: GraphParameter) -> Slot? {
    guard purpose != .training, case .state(let first) = parameter.declaration.role else {
      return nil
    }
    let slot = plan.sharedSlot(parameter.name, parameter.declaration.shape)
    plan.layer = parameter.owner
    plan.recordJoint("first state", reads: [], writes: [slot]) { binding in
      fill(binding.floats(slot), with: first)
    }
    return slot
  }

  private mutating func recordData(_ nodes: [Int]) {
    plan.layer = "data"
    let read = Set(nodes.flatMap { graph.nodes[$0].bottoms })
    for (index, blob) in graph.blobs.enumerated() where blob.producer == nil {
      let slot = plan.batchSlot(blob.name, blob.shape)
      tape.set(LayerTape.Value(index), to: slot)
      guard read.contains(index) else { continue }
      let source = source
      plan.record("gather", reads: [], writes: [slot]) { binding in
        guard let source else { preconditionFailure("a plan without examples cannot run") }
        return source.gather(
          blob.name, examples: binding.examples, to: binding.floats(slot))
      }
    }
    recordWeights(nodes)
  }

  /// Gathers the weights of the examples, if a loss reads them.
  private mutating func recordWeights(_ nodes: [Int]) {
    guard let source, source.hasWeights, nodes.contains(where: { graph.nodes[$0].kind.loss != nil })
    else { return }
    let slot = plan.batchSlot("weights", Shape([graph.batchSize]))
    plan.record("gather", reads: [], writes: [slot]) { binding in
      source.gatherWeights(examples: binding.examples, to: binding.floats(slot))
    }
    exampleWeights = slot
  }

  /// The number of examples that the objective is divided by.
  ///
  /// In training it is the size of the batch. In a test it is the size of a training batch, so that
  /// the value does not depend on how the test is split.
  private var objectiveBatchSize: Int {
    purpose.isTraining ? graph.batchSize : graph.trainingBatchSize
  }

  private mutating func record(_ node: Graph.Node) {
    var call = LayerCall(
      node.layer, name: node.name, inputs: inputs(of: node),
      outputs: node.tops.map(LayerTape.Value.init), parameters: node.parameters)
    for top in node.declaration.scoredTops { call.weights[top.index] = top.weight }
    call.propagates = node.bottoms.indices.map(node.declaration.propagates(toBottom:))
    let pass = tape.record(call, phase(of: node), &plan)
    recordScores(node, pass)
  }

  /// Returns the values that a node reads. A metric reads standardized targets, and predictions of
  /// them, in the target's original unit.
  private mutating func inputs(of node: Graph.Node) -> [LayerTape.Value] {
    var inputs: [LayerTape.Value] = []
    for (bottom, target) in zip(node.bottoms, graph.unitTargets(of: node)) {
      let value = LayerTape.Value(bottom)
      guard let target, let slot = tape.read(value, in: .plain, &plan) else {
        inputs.append(value)
        continue
      }
      let (name, shape) = (graph.blobs[bottom].name, graph.blobs[bottom].shape)
      let result = plan.batchSlot("\(name) in its unit", shape)
      let width = shape.example.count
      let unit = source?.dataset[graph.blobs[target].name]?.unit
      plan.layer = node.name
      plan.record("original unit", reads: [slot], writes: [result]) { binding in
        return originalValues(
          binding.floats(slot), means: unit?.mean ?? [0], deviations: unit?.deviation ?? [1],
          to: binding.floats(result), count: binding.examples.count * width)
      }
      inputs.append(tape.value(name, shape, slot: result))
    }
    return inputs
  }

  private func phase(of node: Graph.Node) -> LayerPhase {
    LayerPhase(
      isTraining: purpose.isTraining,
      // The mean of a metric over the examples is computed later, so the layer must not divide by
      // the batch size.
      objectiveBatchSize: node.declaration.isOwnMetric ? 1 : objectiveBatchSize,
      fullBatchSize: (source?.epochOrder).map { min($0.batchSize, $0.count) } ?? graph.batchSize,
      noise: purpose.isTraining ? source?.noise(layer: node.name) : nil,
      measuredShare: purpose == .statistics ? source?.measuredShare : nil,
      exampleWeights: node.kind.loss == nil ? nil : exampleWeights)
  }

  /// Adds the scores of the node's tops. For a top that is not the value of a loss or metric layer,
  /// it records the sum of the values.
  private mutating func recordScores(_ node: Graph.Node, _ pass: ForwardPass) {
    let kind = node.layer.kind
    for (top, weight) in node.declaration.scoredTops
    where weight != nil || !purpose.isTraining || kind.scoring != nil {
      let name = graph.blobs[node.tops[top]].name
      if top == 0, let scoring = kind.scoring {
        scores.append(
          Score(
            name: name, lossWeight: weight,
            isBetterWhenGreater: kind.metric?.isBetterWhenGreater,
            statistics: pass.outputs[0], join: scoring.join(_:to:),
            value: scoring.value(of:), table: scoring.table(of:classNames:)))
        continue
      }
      let (part, total) = plan.statistics(name, count: TopSum.statisticCount)
      let slot = pass.outputs[top]
      plan.record("sum of values", reads: [slot], writes: [part]) { binding in
        topSum(
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
