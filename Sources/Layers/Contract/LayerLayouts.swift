package import Kernels

/// The layouts of a layer's bottoms and tops.
package struct LayerLayouts: Sendable, Equatable {
  package let inputs: [TensorLayout]
  package let outputs: [TensorLayout]

  package init(inputs: [TensorLayout], outputs: [TensorLayout]) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// All row-major.
  package static func plain(inputs: Int, outputs: Int) -> LayerLayouts {
    LayerLayouts(
      inputs: Array(repeating: .plain, count: inputs),
      outputs: Array(repeating: .plain, count: outputs))
  }

  /// All as the first bottom lies: of a layer that treats elements alike.
  package static func keeping(_ given: [TensorLayout], outputs: Int = 1) -> LayerLayouts {
    let layout = given.first ?? .plain
    return LayerLayouts(
      inputs: given.map { _ in layout }, outputs: Array(repeating: layout, count: outputs))
  }
}
