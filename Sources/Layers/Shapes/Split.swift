package import Fields
package import Kernels
package import Plans
package import Tensors

/// y₁ = y₂ = … = x
///
/// ∂x = Σ ∂y_i. Every top is the memory of the bottom, so that forward runs no kernel.
///
/// The layer exists for files of Caffe. Here several layers may read a blob without it.
package struct Split: Layer {
  package init() {}

  package static let reference = Reference(
    "Split",
    formula: "y₁ = y₂ = … = x",
    discussion: """
      Gives its bottom one name for each top, and adds up their gradients. Several layers may read a
      blob without it; the layer exists for files of Caffe.
      """,
    example: "{name: two, type: Split, bottom: data, top: [left, right]}")

  package static let fields: [Field<Split>] = []

  package var isView: Bool { true }

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  package func outputShapes(_ inputs: [Shape], topCount: Int) -> [Shape] {
    Array(repeating: inputs[0], count: topCount)
  }

  /// All tops share the layout of the bottom, because they share its memory.
  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given, outputs: topCount) }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {}
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {}
}
