internal import Fields
internal import Layers
internal import Plans
internal import Tensors

/// Replaces a layer of unknown type, which has been reported.
///
/// It has the file's bottoms and tops, with unknown shapes. It is never part of a ``Graph``.
struct UnreadLayer: Layer {
  init() {}

  static let reference = Reference("", formula: "", discussion: "", example: "")
  static let fields: [Field<UnreadLayer>] = []

  var inputCount: ClosedRange<Int> { 0...Int.max }

  func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    throw ShapeFailure("the type of the layer is unknown")
  }

  func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    preconditionFailure("a layer of unknown type cannot be recorded")
  }

  func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    preconditionFailure("a layer of unknown type cannot be recorded")
  }
}
