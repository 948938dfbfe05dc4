import Fields
import Kernels
import Layers
import Oracles
import Plans
import RunOracles
import Tensors

/// y = x + a, then a ← (a + mean of x over the batch)/2 for each channel. The state a is carried
/// from batch to batch.
struct LeakyAccumulator: Layer {
  static let reference = Reference("LeakyAccumulator", formula: "", discussion: "", example: "")
  static let fields: [Field<LeakyAccumulator>] = []

  func outputShapes(_ inputs: [Shape]) -> [Shape] { inputs }

  func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    [.state("level", Shape([inputs[0][1]]), startingAt: 1)]
  }

  func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (x, y, level) = (pass.inputs[0], pass.outputs[0], pass.parameters[0].value)
    plan.record("add level", reads: [x, level], writes: [y]) { binding in
      LevelSum(x: binding.floats(x), level: binding.floats(level), y: binding.floats(y))
    }
    plan.recordJoint("accumulate", reads: [x, level], writes: [level]) { binding in
      LevelUpdate(x: binding.floats(x), level: binding.floats(level))
    }
  }

  func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {
    pass.passOn(pass.outputGradients[0], toInput: 0)
  }

  /// Returns the level after a batch of rows.
  static func next(_ level: [Float], _ rows: [Float]) -> [Float] {
    level.indices.map { channel in
      let values = stride(from: channel, to: rows.count, by: level.count).map { rows[$0] }
      return (level[channel] + values.reduce(0, +) / Float(values.count)) / 2
    }
  }
}

private struct LevelSum: Kernel {
  let x: FloatView
  let level: FloatView
  let y: FloatView

  func run() { for place in 0..<x.count { y[place] = x[place] + level[place % level.count] } }
}

private struct LevelUpdate: Kernel {
  let x: FloatView
  let level: FloatView

  func run() {
    let next = LeakyAccumulator.next(
      (0..<level.count).map { level[$0] }, (0..<x.count).map { x[$0] })
    for (channel, value) in next.enumerated() { level[channel] = value }
  }
}
