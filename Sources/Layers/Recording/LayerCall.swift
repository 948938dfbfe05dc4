/// A layer of a ``LayerTape``, with the values that it reads and makes.
package struct LayerCall {
  package let layer: any Layer
  /// What the plan shows as the source of the kernels. Nil: the name that the plan has already.
  package let name: String?
  package let inputs: [LayerTape.Value]
  package let outputs: [LayerTape.Value]
  /// Parameters by their number on the tape, in the order of the layer's declarations.
  package let parameters: [Int]
  /// By output: its factor in the objective. Nil for an output that is no part of the objective.
  package var weights: [Double?]
  /// By input: true if the layer passes a gradient on to it.
  package var propagates: [Bool]

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

  /// True if an output is part of the objective.
  var isWeighted: Bool { weights.contains { $0 != nil } }

  var propagatingInputs: [LayerTape.Value] { zip(inputs, propagates).filter(\.1).map(\.0) }
}
