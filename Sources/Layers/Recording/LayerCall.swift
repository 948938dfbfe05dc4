/// A layer on a ``LayerTape``, with the values that it reads and makes.
package struct LayerCall {
  /// The layer.
  package let layer: any Layer
  /// The layer name that the plan gives to the kernels. Nil keeps the plan's current name.
  package let name: String?
  /// The bottoms.
  package let inputs: [LayerTape.Value]
  /// The tops.
  package let outputs: [LayerTape.Value]
  /// The indices of the parameters on the tape, in the order of the layer's declarations.
  package let parameters: [Int]
  /// The factor of each output in the objective. Nil for an output that the objective does not
  /// include.
  package var weights: [Double?]
  /// For each input: true if the layer passes a gradient to it.
  package var propagates: [Bool]

  /// Makes a call without weights in the objective. It passes gradients to all inputs.
  package init(
    _ layer: any Layer, name: String? = nil, inputs: [LayerTape.Value],
    outputs: [LayerTape.Value], parameters: [Int] = []
  ) {
    self.layer = layer
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    weights = outputs.map { _ in nil }
    propagates = inputs.map { _ in true }
  }

  /// True if the objective includes an output.
  var isWeighted: Bool { weights.contains { $0 != nil } }

  /// The inputs that receive a gradient.
  var propagatingInputs: [LayerTape.Value] { zip(inputs, propagates).filter(\.1).map(\.0) }
}
