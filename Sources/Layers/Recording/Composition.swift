package import Plans
package import Tensors

/// The layers inside a layer: recorded as the outer layer calls them, and differentiated in reverse
/// order.
///
/// If several layers read a value, its gradient is the sum of their contributions. The same holds
/// for a parameter that several layers use, such as the weights of a recurrence at each of its
/// steps.
package struct Composition {
  /// A tensor between the inner layers.
  package typealias Value = LayerTape.Value

  /// The recorded layers.
  private var tape = LayerTape()
  /// The tensors of the outer layer.
  private let pass: ForwardPass
  /// The inputs of the outer layer.
  package private(set) var inputs: [Value] = []
  /// The outputs of the outer layer.
  private var outputs: [Value] = []

  /// Begins with the inputs, outputs and parameters of the outer layer.
  init(_ pass: ForwardPass, _ plan: PlanBuilder) {
    self.pass = pass
    func name(_ slot: Slot) -> String { plan.slots[slot.index].name }
    for (slot, shape) in zip(pass.inputs, pass.inputShapes) {
      inputs.append(tape.value(name(slot), shape, slot: slot))
    }
    for (slot, shape) in zip(pass.outputs, pass.outputShapes) {
      outputs.append(tape.value(name(slot), shape, target: slot))
    }
    for parameter in pass.parameters {
      _ = tape.parameter(name(parameter.value), plan.shape(of: parameter.value), parameter)
    }
  }

  /// Returns the shape of a value.
  package func shape(of value: Value) -> Shape { tape.shape(of: value) }

  /// Applies a layer with one top to values, and returns the top.
  ///
  /// - Parameters:
  ///   - layer: the layer.
  ///   - name: the name of the top in the plan, which also determines the layer's random numbers.
  ///   - values: the bottoms.
  ///   - parameters: the indices of the layer's parameters among those of the outer layer.
  ///   - plan: the plan that receives the kernels.
  package mutating func apply(
    _ layer: any Layer, _ name: String, to values: [Value], parameters: Range<Int> = 0..<0,
    _ plan: inout PlanBuilder
  ) -> Value {
    let output = tape.value("\(plan.layer) \(name)", shape(layer, values))
    record(layer, name, values, output, parameters, &plan)
    return output
  }

  /// Applies a layer with one top, which is a top of the outer layer.
  package mutating func apply(
    _ layer: any Layer, to values: [Value], parameters: Range<Int> = 0..<0,
    makingOutput output: Int, _ plan: inout PlanBuilder
  ) {
    precondition(
      shape(layer, values) == pass.outputShapes[output], "a top of another shape than declared")
    record(layer, "output \(output)", values, outputs[output], parameters, &plan)
  }

  /// Records a layer on the tape. The name determines the layer's random numbers.
  private mutating func record(
    _ layer: any Layer, _ name: String, _ values: [Value], _ output: Value,
    _ parameters: Range<Int>, _ plan: inout PlanBuilder
  ) {
    tape.record(
      LayerCall(layer, inputs: values, outputs: [output], parameters: Array(parameters)),
      pass.phase.part(name), &plan)
  }

  /// Returns the shape of the top. The outer layer has checked the shapes.
  private func shape(_ layer: any Layer, _ values: [Value]) -> Shape {
    do throws(ShapeFailure) {
      return try layer.outputShapes(values.map(shape(of:)), topCount: 1)[0]
    } catch {
      preconditionFailure("shapes that the outer layer did not check: \(error.message)")
    }
  }

  /// Records the gradients in `pass`.
  mutating func backward(_ pass: inout BackwardPass, _ plan: inout PlanBuilder) {
    for (output, gradient) in zip(outputs, pass.outputGradients) {
      if let gradient { tape.seed(output, with: gradient, &plan) }
    }
    let needed = zip(inputs, pass.inputGradients).filter { $0.1 != nil }.map(\.0)
    tape.backward(to: needed, parameterGradients: pass.parameterGradients, &plan)
    for (place, input) in inputs.enumerated() where pass.inputGradients[place] != nil {
      pass.passOn(tape.gradient(of: input), toInput: place)
    }
  }
}
