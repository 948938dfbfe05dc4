import Fields
import Kernels
import Layers
import Oracles
import Plans
import RunOracles
import Tensors

/// A layer of the catalog with a planted fault that changes its results.
struct FaultyLayer: Layer {
  enum Fault: Sendable {
    /// Changes a parameter's gradient element by element.
    case parameterGradient(Int, @Sendable ([Float]) -> [Float])
    case inputGradient(@Sendable ([Float]) -> [Float])
    /// Sets ∂x = ∂y.
    case passesGradient
    case output(@Sendable ([Float]) -> [Float])
    /// Keeps the statistics at their initial values.
    case forgetsStatistics
  }

  var base: any Layer = TanH()
  var fault = Fault.passesGradient

  init() {}

  init(_ base: any Layer, _ fault: Fault) {
    (self.base, self.fault) = (base, fault)
  }

  static let reference = Reference("Faulty", formula: "", discussion: "", example: "")
  static let fields: [Field<FaultyLayer>] = []

  var inputCount: ClosedRange<Int> { base.inputCount }
  func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try base.outputShapes(inputs)
  }
  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] { base.parameters(inputs) }

  func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> RecordedLayer {
    let kept = RecordedLayer(base, pass, &plan)
    switch fault {
    case .output(let change): plan.spoil(pass.outputs[0], change)
    case .forgetsStatistics where pass.phase.isTraining:
      let statistics = base.parameters(pass.inputShapes).enumerated().filter {
        $0.element.role == .statistic
      }
      for (index, statistic) in statistics {
        let slot = pass.parameters[index].value
        let first: Float = statistic.name == "running_var" ? 1 : 0
        plan.recordJoint("forget", reads: [slot], writes: [slot]) { binding in
          SpoilingKernel(view: binding.floats(slot)) { $0.map { _ in first } }
        }
      }
    default: break
    }
    return kept
  }

  func backward(_ pass: inout BackwardPass, _ kept: RecordedLayer, _ plan: inout PlanBuilder) {
    kept.backward(&pass, &plan)
    switch fault {
    case .parameterGradient(let index, let change):
      guard let gradient = pass.parameterGradients[index] else { return }
      plan.spoil(gradient, change)
    case .inputGradient(let change):
      guard let gradient = pass.inputGradients[0] else { return }
      plan.spoil(gradient, change)
    case .passesGradient:
      guard let dx = pass.inputGradients[0], let dy = pass.outputGradients[0] else { return }
      plan.record("pass on", reads: [dy, dx], writes: [dx]) { binding in
        CopyingKernel(from: binding.floats(dy), to: binding.floats(dx))
      }
    default: break
    }
  }
}

/// A loss with a planted fault in its gradient.
struct FaultyLoss: Loss {
  var base: any Loss = EuclideanLoss()
  var change: @Sendable ([Float]) -> [Float] = { $0 }

  init() {}

  init(_ base: any Loss, _ change: @escaping @Sendable ([Float]) -> [Float]) {
    (self.base, self.change) = (base, change)
  }

  static let reference = Reference("FaultyLoss", formula: "", discussion: "", example: "")
  static let fields: [Field<FaultyLoss>] = []

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
    guard let gradient = pass.inputGradients[0] else { return }
    plan.spoil(gradient, change)
  }
}

extension PlanBuilder {
  /// Changes a tensor after its computation.
  fileprivate mutating func spoil(_ slot: Slot, _ change: @escaping @Sendable ([Float]) -> [Float])
  {
    record("spoil", reads: [slot], writes: [slot]) { binding in
      SpoilingKernel(view: binding.floats(slot), change: change)
    }
  }
}

private struct SpoilingKernel: Kernel {
  let view: FloatView
  let change: @Sendable ([Float]) -> [Float]

  func run() {
    let changed = change((0..<view.count).map { view[$0] })
    for index in 0..<view.count { view[index] = changed[index] }
  }
}

private struct CopyingKernel: Kernel {
  let from: FloatView
  let to: FloatView

  func run() { for index in 0..<to.count { to[index] = from[index] } }
}
