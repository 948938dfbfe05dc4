package import Kernels
internal import Layers

extension Graph {
  /// By blob: the memory layout in the compiled network.
  package var layouts: [TensorLayout] {
    var layouts = [TensorLayout](repeating: .plain, count: blobs.count)
    for node in nodes {
      let chosen = node.layer.layouts(
        inputShapes(of: node), given: node.bottoms.map { layouts[$0] }, topCount: node.tops.count)
      for (place, top) in node.tops.enumerated() where !(node.kind.scoring != nil && place == 0) {
        layouts[top] = node.layer.isView ? chosen.inputs[0] : chosen.outputs[place]
      }
    }
    return layouts
  }
}
