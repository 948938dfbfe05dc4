internal import Kernels
package import Plans

extension LayerTape {
  /// Sets the gradient of the objective with respect to a value that no call on the tape reads.
  package mutating func seed(_ value: Value, with gradient: Slot, _ plan: inout PlanBuilder) {
    tensors[value.index].contributions.append(inOwnLayout(gradient, of: value, &plan))
  }

  /// Records the gradients of all layers on a path from `sources`, or from a parameter with a
  /// gradient, to the objective.
  ///
  /// - Parameters:
  ///   - sources: values that no layer makes, and that need gradients.
  ///   - parameterGradients: the slot for the gradient of each parameter. Nil for a parameter
  ///     without a gradient.
  ///   - sourceName: the layer name that the plan gives to the kernels that sum the sources'
  ///     gradients.
  ///   - plan: the plan that receives the kernels.
  package mutating func backward(
    to sources: [Value], parameterGradients: [Slot?], sourceName: String? = nil,
    _ plan: inout PlanBuilder
  ) {
    plan.isBackward = true
    for (index, gradient) in parameterGradients.enumerated() {
      parameters[index].gradient = gradient
    }
    let needed = valuesThatNeedGradients(sources)
    let reached = entriesThatTheObjectiveReaches(needed)
    var uses = [Int](repeating: 0, count: parameters.count)
    for entry in reached {
      for parameter in Set(entry.call.parameters) { uses[parameter] += 1 }
    }
    for entry in reached.reversed() { recordBackward(entry, needed, uses, &plan) }
    if let sourceName { plan.layer = sourceName }
    for source in sources { tensors[source.index].gradient = combined(source, &plan) }
    sumSharedParameters(&plan)
  }

  /// Returns the values that depend on a source or on a parameter with a gradient.
  private func valuesThatNeedGradients(_ sources: [Value]) -> Set<Value> {
    var needed = Set(sources)
    for entry in entries {
      let isTrained = entry.call.parameters.contains { parameters[$0].gradient != nil }
      if isTrained || entry.call.propagatingInputs.contains(where: needed.contains) {
        needed.formUnion(entry.call.outputs)
      }
    }
    return needed
  }

  /// Returns the calls that lie on a path to the objective, in order.
  private func entriesThatTheObjectiveReaches(_ needed: Set<Value>) -> [Entry] {
    var read = Set(
      tensors.indices.filter { !tensors[$0].contributions.isEmpty }.map(Value.init))
    var reached: [Entry] = []
    for entry in entries.reversed() {
      let call = entry.call
      guard call.isWeighted || call.outputs.contains(where: read.contains),
        call.outputs.contains(where: needed.contains)
      else { continue }
      read.formUnion(call.propagatingInputs)
      reached.append(entry)
    }
    return reached.reversed()
  }

  /// Records the gradients of one call, and adds its contributions to the gradients of its inputs.
  private mutating func recordBackward(
    _ entry: Entry, _ needed: Set<Value>, _ uses: [Int], _ plan: inout PlanBuilder
  ) {
    let (call, forward) = (entry.call, entry.record.pass)
    if let name = call.name { plan.layer = name }
    for (place, weight) in call.weights.enumerated() {
      if let weight { recordWeight(weight, ofOutput: place, call, &plan) }
    }
    let outputGradients = call.outputs.map { combined($0, &plan) }
    for (output, gradient) in zip(call.outputs, outputGradients) {
      tensors[output.index].gradient = gradient
    }
    let isNeeded = zip(call.inputs, call.propagates).map { needed.contains($0) && $1 }
    let inputGradients: [Slot?]
    if call.layer.isView {
      // All tops of a view share one blob, so that their gradients add up.
      let parts = outputGradients.compactMap { $0 }
      inputGradients = [isNeeded[0] ? sum(parts, like: call.outputs[0], &plan) : nil]
    } else {
      let slots = call.inputs.indices.map { place in
        isNeeded[place]
          ? plan.batchSlot(
            "∂\(tensors[call.inputs[place].index].name)", forward.inputShapes[place],
            layout: forward.inputLayouts[place]) : nil
      }
      let pass = BackwardPass(
        forward, outputGradients: outputGradients, inputGradients: slots,
        parameterGradients: call.parameters.map { gradient(ofParameter: $0, uses, &plan) })
      inputGradients = record(entry.record, pass, weight: call.weights.first ?? nil, &plan)
    }
    for (input, gradient) in zip(call.inputs, inputGradients) {
      guard let gradient else { continue }
      tensors[input.index].contributions.append(inOwnLayout(gradient, of: input, &plan))
    }
  }

  /// Records the layer's `backward`, and returns the gradients of the inputs.
  ///
  /// Nil for an input without a gradient, such as the number of a class.
  private func record(
    _ record: RecordedLayer, _ pass: BackwardPass, weight: Double?, _ plan: inout PlanBuilder
  ) -> [Slot?] {
    var pass = pass
    let (asked, start) = (pass.inputGradients, plan.operations.count)
    record.backward(&pass, weight: weight ?? 1, &plan)
    let written = Set(plan.operations[start...].flatMap(\.writes))
    return zip(asked, pass.inputGradients).map { asked, given in
      // A layer may pass on an existing gradient instead of computing one.
      guard let asked, given == asked else { return given }
      return written.contains(asked) ? asked : nil
    }
  }

  /// Records the gradient of an output that the objective includes: its weight, at every element.
  ///
  /// A loss applies its weight itself.
  private mutating func recordWeight(
    _ weight: Double, ofOutput place: Int, _ call: LayerCall, _ plan: inout PlanBuilder
  ) {
    let output = call.outputs[place]
    guard place > 0 || call.layer.kind.scoring == nil, let slot = slot(of: output) else { return }
    let gradient = plan.batchSlot(
      "∂\(tensors[output.index].name)", plan.shape(of: slot), layout: plan.layout(of: slot))
    plan.record("loss weight", reads: [], writes: [gradient]) { binding in
      fill(binding.floats(gradient), with: Float(weight))
    }
    tensors[output.index].contributions.append(gradient)
  }

  /// Returns the gradient in the layout of its value.
  private func inOwnLayout(_ gradient: Slot, of value: Value, _ plan: inout PlanBuilder) -> Slot {
    let tensor = tensors[value.index]
    let layout = tensor.slot.map(plan.layout(of:)) ?? .plain
    guard plan.layout(of: gradient) != layout else { return gradient }
    let copy = plan.batchSlot("∂\(tensor.name) \(layout.rawValue)", tensor.shape, layout: layout)
    plan.reorder(gradient, to: copy)
    return copy
  }

  /// Returns the gradient of a value: the sum of its readers' contributions.
  private func combined(_ value: Value, _ plan: inout PlanBuilder) -> Slot? {
    sum(tensors[value.index].contributions.reversed(), like: value, &plan)
  }

  /// Returns the sum of the slots. Nil for an empty list.
  private func sum(_ parts: [Slot], like value: Value, _ plan: inout PlanBuilder) -> Slot? {
    guard parts.count > 1 else { return parts.first }
    let tensor = tensors[value.index]
    let sum = plan.batchSlot("∂\(tensor.name)", tensor.shape, layout: plan.layout(of: parts[0]))
    plan.elementSum(parts, to: sum)
    return sum
  }

  /// Returns the slot for a layer's gradient of a parameter.
  ///
  /// If several layers share the parameter, each has a slot of its own, and the tape adds them
  /// later.
  private mutating func gradient(
    ofParameter index: Int, _ uses: [Int], _ plan: inout PlanBuilder
  ) -> Slot? {
    let parameter = parameters[index]
    guard parameter.gradient != nil, uses[index] > 1 else { return parameter.gradient }
    let part = plan.sharedSlot("∂\(parameter.name) part", parameter.shape)
    parameters[index].parts.append(part)
    return part
  }

  /// Records the sums of the gradients that several layers contribute to one parameter.
  private func sumSharedParameters(_ plan: inout PlanBuilder) {
    let layer = plan.layer
    for parameter in parameters where parameter.parts.count > 1 {
      guard let gradient = parameter.gradient else { continue }
      plan.layer = parameter.name
      plan.sum(parameter.parts.reversed(), to: gradient)
    }
    plan.layer = layer
  }
}
