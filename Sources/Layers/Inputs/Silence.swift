package import Fields
package import Plans
package import Tensors

/// x → nothing
///
/// The layer reads any number of bottoms and makes no top. The layer exists for files of Caffe,
/// because Caffe prints blobs that no layer reads. Here such blobs cost nothing.
package struct Silence: Layer {
  package init() {}

  package static let reference = Reference(
    "Silence",
    formula: "x → nothing",
    discussion: """
      Reads any number of bottoms and has no top. A blob that no layer reads costs nothing here. The
      layer exists for files of Caffe, because Caffe prints such blobs.
      """,
    example: "{name: unused, type: Silence, bottom: data}")

  package static let fields: [Field<Silence>] = []

  package var inputCount: ClosedRange<Int> { 1...1000 }
  package var hasTops: Bool { false }

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { [] }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {}

  /// Records zero gradients. No loss depends on the layer, so that the tape never calls this
  /// method.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    for dx in pass.inputGradients.compactMap({ $0 }) { plan.zero(dx) }
  }
}
