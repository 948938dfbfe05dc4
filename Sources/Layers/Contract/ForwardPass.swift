package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// The tensors that `forward` of one layer reads and writes in a plan.
///
/// All shapes begin with the number of examples in the batch, except the scalar of a loss or
/// metric.
package struct ForwardPass: Sendable {
  /// The values of the bottoms, in their order.
  package let inputs: [Slot]
  /// The values of the tops. The first output of a loss or metric holds its statistics.
  package let outputs: [Slot]
  /// The shapes of the bottoms. A layer without bottoms receives the shape [N] of the batch.
  package let inputShapes: [Shape]
  /// The shapes of the tops, as the layer computed them.
  package let outputShapes: [Shape]
  /// The layouts of the bottoms and tops, as the layer chose them.
  package let layouts: LayerLayouts
  /// The parameters, in the order of the layer's declarations.
  package var parameters: [ParameterTensor]
  /// The phase that the plan is recorded for.
  package let phase: LayerPhase

  package init(
    inputs: [Slot], _ inputShapes: [Shape], outputs: [Slot], _ outputShapes: [Shape],
    layouts: LayerLayouts? = nil, parameters: [ParameterTensor] = [], phase: LayerPhase
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.inputShapes = inputShapes
    self.outputShapes = outputShapes
    self.layouts = layouts ?? .plain(inputs: inputs.count, outputs: outputs.count)
    self.parameters = parameters
    self.phase = phase
  }

  /// The weights of the examples in a loss. Nil when all count alike.
  package var exampleWeights: Slot? { phase.exampleWeights }

  /// Returns a reader of the weights of a slice's examples.
  var weightReader: @Sendable (Binding) -> ExampleWeights {
    let weights = exampleWeights
    return { binding in
      ExampleWeights(weights.map(binding.floats), examples: binding.examples.count)
    }
  }

  /// The layouts of the bottoms.
  package var inputLayouts: [TensorLayout] { layouts.inputs }
  /// The layouts of the tops.
  package var outputLayouts: [TensorLayout] { layouts.outputs }
}
