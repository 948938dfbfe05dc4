internal import Kernels
internal import Layers
internal import ModelFiles
internal import Plans
internal import Tensors
internal import YAML

/// The gradients: backward through the layers that losses reach.
extension NetworkRecorder {
  mutating func recordBackward() {
    plan.isBackward = true
    let needed = graph.blobsThatNeedGradients(ofData: purpose.hasDataGradient)
    let reached = graph.nodesThatLossesReach(needed)
    var contributions = [[Slot]](repeating: [], count: graph.blobs.count)
    gradients = Array(repeating: nil, count: graph.blobs.count)
    var parts = [[Slot]](repeating: [], count: graph.parameters.count)
    var uses = [Int](repeating: 0, count: graph.parameters.count)
    for index in reached {
      for parameter in Set(graph.nodes[index].parameters) { uses[parameter] += 1 }
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
