package import Kernels
package import Plans
package import Tensors

/// The tensors that `forward` of one layer reads and writes in a plan.
package struct ForwardPass: Sendable {
  package let inputs: [Slot]
  package let outputs: [Slot]
  /// Of a layer without bottoms the shape [N] of the batch.
  package let inputShapes: [Shape]
  package let outputShapes: [Shape]
  package let layouts: LayerLayouts
  /// In the order of the layer's declarations.
  package var parameters: [ParameterTensor]
  package let phase: LayerPhase

  /// - Parameter layouts: nil: row-major.
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

  package var inputLayouts: [TensorLayout] { layouts.inputs }
  package var outputLayouts: [TensorLayout] { layouts.outputs }
}
