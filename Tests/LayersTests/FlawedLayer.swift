import Fields
import Kernels
import Layers
import Plans
import Tensors

/// A mistake in a `backward`. Tests show that the gradient check finds it.
enum Flaw: CaseIterable, Sendable {
  case wrongSign
  case wrongScale
  /// The greatest element is not written.
  case missingElement
  /// Every element is in the place of its neighbour.
  case wrongPlace
  /// The output's gradient is replaced by 1.
  case constant

  /// Returns the wrong gradient for a correct one.
  func apply(to gradient: FloatView) {
    let correct = (0..<gradient.count).map { gradient[$0] }
    guard let greatest = correct.indices.max(by: { abs(correct[$0]) < abs(correct[$1]) }) else {
      return
    }
    for index in correct.indices {
      gradient[index] =
        switch self {
        case .wrongSign: -correct[index]
        case .wrongScale: 1.05 * correct[index]
        case .missingElement: index == greatest ? 0 : correct[index]
        case .wrongPlace: correct[(index + 1) % correct.count]
        case .constant: 1
        }
    }
  }
}

/// The tensor of a layer whose gradient is wrong.
enum FlawedTensor: Sendable {
  case input
  case parameter(Int)
}

/// Changes a gradient after its computation.
private struct FlawKernel: Kernel {
  let flaw: Flaw
  let gradient: FloatView

  func run() { flaw.apply(to: gradient) }
}

extension PlanBuilder {
  /// Records the mistake after the gradients of `pass`.
  fileprivate mutating func record(_ flaw: Flaw, _ tensor: FlawedTensor, _ pass: BackwardPass) {
    let gradient: Slot? =
      switch tensor {
      case .input: pass.inputGradients[0]
      case .parameter(let index): pass.parameterGradients[index]
      }
    guard let gradient else { preconditionFailure("the flaw's gradient is not computed") }
    record("flaw", reads: [gradient], writes: [gradient]) { binding in
      FlawKernel(flaw: flaw, gradient: binding.floats(gradient))
    }
  }
}

/// A layer of the catalog with a planted mistake.
struct FlawedLayer: Layer {
  var base: any Layer = TanH()
  var flaw = Flaw.wrongSign
  var tensor = FlawedTensor.input

  static let reference = Reference("Flawed", formula: "", discussion: "", example: "")
  static let fields: [Field<FlawedLayer>] = []

  var inputCount: ClosedRange<Int> { base.inputCount }
  var isView: Bool { base.isView }

  func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try base.outputShapes(inputs)
  }

  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] { base.parameters(inputs) }

  func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> RecordedLayer {
    RecordedLayer(base, pass, &plan)
  }

  func backward(_ pass: inout BackwardPass, _ kept: RecordedLayer, _ plan: inout PlanBuilder) {
    kept.backward(&pass, &plan)
    plan.record(flaw, tensor, pass)
  }
}

/// A loss of the catalog with a planted mistake.
struct FlawedLoss: Loss {
  var base: any Loss = EuclideanLoss()
  var flaw = Flaw.wrongSign

  static let reference = Reference("FlawedLoss", formula: "", discussion: "", example: "")
  static let fields: [Field<FlawedLoss>] = []

  func check(_ inputs: [Shape]) throws(ShapeFailure) { try base.check(inputs) }
  func statisticCount(_ inputs: [Shape]) -> Int { base.statisticCount(inputs) }
  func value(of statistics: [Double]) -> Double { base.value(of: statistics) }

  func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> RecordedLayer {
    RecordedLayer(base, pass, &plan)
  }

  func backward(
    _ pass: inout BackwardPass, weight: Double, _ kept: RecordedLayer, _ plan: inout PlanBuilder
  ) {
    kept.backward(&pass, weight: weight, &plan)
    plan.record(flaw, .input, pass)
  }
}

/// Softmax whose `backward` lacks the term that couples the classes: ∂x = y·∂y.
struct UncoupledSoftmax: Layer {
  static let reference = Reference("UncoupledSoftmax", formula: "", discussion: "", example: "")
  static let fields: [Field<UncoupledSoftmax>] = []

  func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    Softmax().forward(pass, &plan)
  }

  func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
    let y = pass.outputs[0]
    plan.record("uncoupled", reads: [y, dy], writes: [dx]) { binding in
      ProductOfElements(
        left: binding.floats(y), right: binding.floats(dy), result: binding.floats(dx))
    }
  }
}

private struct ProductOfElements: Kernel {
  let left: FloatView
  let right: FloatView
  let result: FloatView

  func run() {
    for index in 0..<result.count { result[index] = left[index] * right[index] }
  }
}
