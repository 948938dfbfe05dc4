package import Kernels
package import Plans
package import Tensors

/// Records layers into a plan in the order of their calls, and their gradients in reverse order.
///
/// A value has the layout that its layer chose. A layer that reads the value in another layout
/// reads a copy. All readers of that layout share the copy.
///
/// The gradient of a value is the sum of its readers' contributions, in the order of the calls. A
/// value has no gradient if the objective does not depend on it. A value also has none if it
/// depends neither on a source nor on a parameter with a gradient.
package struct LayerTape {
  /// A tensor between layers, identified by its number.
  package struct Value: Hashable, Sendable {
    /// The position among the tensors of the tape.
    package let index: Int

    package init(_ index: Int) { self.index = index }
  }

  /// A tensor on the tape.
  struct Tensor {
    let name: String
    let shape: Shape
    /// The values. Nil until a layer makes them.
    var slot: Slot?
    /// The slot that must hold the values in the end. Nil if any slot may hold them.
    var target: Slot?
    /// The copies in other layouts.
    var copies: [TensorLayout: Slot] = [:]
    /// The gradient, after `backward`.
    var gradient: Slot?
    /// The readers' contributions to the gradient, from the last reader to the first.
    var contributions: [Slot] = []
  }

  /// A recorded call.
  struct Entry {
    let call: LayerCall
    let record: RecordedLayer
  }

  /// A parameter on the tape.
  struct Parameter {
    let name: String
    let shape: Shape
    let tensor: ParameterTensor
    var gradient: Slot?
    /// The gradients that several layers contribute to a parameter that they share.
    var parts: [Slot] = []
  }

  /// The tensors, in the order of their numbers.
  var tensors: [Tensor] = []
  /// The recorded calls, in order.
  var entries: [Entry] = []
  var parameters: [Parameter] = []

  package init() {}

  // MARK: Values

  /// Adds a tensor between layers.
  ///
  /// - Parameters:
  ///   - name: the name in the plan.
  ///   - shape: the shape.
  ///   - slot: the values. Nil for a tensor that a layer makes.
  ///   - target: a slot that must hold the values after a layer has made them.
  package mutating func value(
    _ name: String, _ shape: Shape, slot: Slot? = nil, target: Slot? = nil
  ) -> Value {
    tensors.append(Tensor(name: name, shape: shape, slot: slot, target: target))
    return Value(tensors.count - 1)
  }

  /// Adds a parameter and returns its number.
  package mutating func parameter(_ name: String, _ shape: Shape, _ tensor: ParameterTensor) -> Int
  {
    parameters.append(Parameter(name: name, shape: shape, tensor: tensor))
    return parameters.count - 1
  }

  /// Sets the values of a tensor that no layer makes.
  package mutating func set(_ value: Value, to slot: Slot) { tensors[value.index].slot = slot }

  /// Returns the shape of a value.
  package func shape(of value: Value) -> Shape { tensors[value.index].shape }

  /// The slot of the values, in the layout that their layer chose. Nil for a tensor that is not
  /// computed.
  package func slot(of value: Value) -> Slot? { tensors[value.index].slot }

  /// The slot of the gradient, after `backward`. Nil for a value without a gradient.
  package func gradient(of value: Value) -> Slot? { tensors[value.index].gradient }

  /// Returns the values in a layout: the tensor itself, or a copy.
  package mutating func read(
    _ value: Value, in layout: TensorLayout, _ plan: inout PlanBuilder
  ) -> Slot? {
    let tensor = tensors[value.index]
    guard let slot = tensor.slot, plan.layout(of: slot) != layout else { return tensor.slot }
    if let copy = tensor.copies[layout] { return copy }
    let copy = plan.batchSlot("\(tensor.name) \(layout.rawValue)", tensor.shape, layout: layout)
    plan.reorder(slot, to: copy)
    tensors[value.index].copies[layout] = copy
    return copy
  }

  // MARK: Forward

  /// Records the forward direction of a layer, and returns its tensors.
  @discardableResult
  package mutating func record(
    _ call: LayerCall, _ phase: LayerPhase, _ plan: inout PlanBuilder
  ) -> ForwardPass {
    if let name = call.name { plan.layer = name }
    let layer = call.layer
    let inputShapes =
      call.inputs.isEmpty ? [Shape([plan.batchSize])] : call.inputs.map(shape(of:))
    let given = call.inputs.map { slot(of: $0).map(plan.layout(of:)) ?? .plain }
    let layouts = layer.layouts(inputShapes, given: given, topCount: call.outputs.count)
    let inputs = zip(call.inputs, layouts.inputs).compactMap { read($0, in: $1, &plan) }
    var outputs =
      layer.isView
      ? call.outputs.map { _ in inputs[0] }
      : zip(call.outputs, layouts.outputs).map { output, layout in
        slot(for: tensors[output.index], in: layout, &plan)
      }
    if let scoring = layer.kind.scoring {
      outputs[0] =
        plan.statistics(
          tensors[call.outputs[0].index].name, count: scoring.statisticCount(inputShapes)
        ).total
    }
    let pass = ForwardPass(
      inputs: inputs, inputShapes, outputs: outputs, call.outputs.map(shape(of:)),
      layouts: layouts, parameters: call.parameters.map { parameters[$0].tensor }, phase: phase)
    let record = RecordedLayer(layer, pass, &plan)
    for (output, slot) in zip(call.outputs, outputs) {
      tensors[output.index].slot = slot
      guard let target = tensors[output.index].target, target != slot else { continue }
      if plan.layout(of: slot) == plan.layout(of: target) {
        plan.copy(slot, to: target)
      } else {
        plan.reorder(slot, to: target)
      }
    }
    entries.append(Entry(call: call, record: record))
    return pass
  }

  /// Returns the slot for an output: its target if the layouts are equal, and a new slot otherwise.
  private func slot(
    for tensor: Tensor, in layout: TensorLayout, _ plan: inout PlanBuilder
  ) -> Slot {
    if let target = tensor.target, plan.layout(of: target) == layout { return target }
    return plan.batchSlot(tensor.name, tensor.shape, layout: layout)
  }
}
