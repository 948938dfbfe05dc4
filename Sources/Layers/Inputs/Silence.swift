package import Fields
package import Plans
package import Tensors

/// x → nothing
///
/// Reads, and makes nothing
package struct Silence: Layer {
  package init() {}

  package static let reference = Reference(
    "Silence",
    formula: "x → nothing",
    discussion: """
      Reads any number of bottoms and has no top. A blob that no layer reads costs nothing here; the layer is there for files
      of Caffe, which prints such blobs.
      """,
    example: "{name: unused, type: Silence, bottom: data}")

  package static let fields: [Field<Silence>] = []

  package var inputCount: ClosedRange<Int> { 1...1000 }
  package var hasTops: Bool { false }

  package func outputShapes(_ inputs: [Shape]) -> [Shape] { [] }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {}

  /// No loss depends on it, so that it is never asked.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    for dx in pass.inputGradients.compactMap({ $0 }) { plan.zero(dx) }
  }
}
