package import Kernels

/// The layouts of a layer's bottoms and tops.
package struct LayerLayouts: Sendable, Equatable {
  /// The layout in which the layer reads each bottom.
  package let inputs: [TensorLayout]
  /// The layout in which the layer makes each top.
  package let outputs: [TensorLayout]

  package init(inputs: [TensorLayout], outputs: [TensorLayout]) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Row-major layouts for all tensors.
  package static func plain(inputs: Int, outputs: Int) -> LayerLayouts {
    LayerLayouts(
      inputs: Array(repeating: .plain, count: inputs),
      outputs: Array(repeating: .plain, count: outputs))
  }

  /// The layout of the first bottom for all tensors. Suits a layer that treats all elements alike.
  package static func keeping(_ given: [TensorLayout], outputs: Int = 1) -> LayerLayouts {
    let layout = given.first ?? .plain
    return LayerLayouts(
      inputs: given.map { _ in layout }, outputs: Array(repeating: layout, count: outputs))
  }
}
