package import Fields
internal import Kernels
package import Plans
package import Tensors
internal import YAML

/// y = constant or random
///
/// y = numbers of a filler
///
/// Reads nothing; every top is [N, shape…]. A constant is the same always. Random numbers are drawn anew in every step
/// of the training, as pure functions of seed, layer, step and place; outside of training they are the same always.
package struct DummyData: Layer {
  var extents: [Int] = []
  var filler = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "DummyData",
    formula: "y = constant or random",
    discussion: """
      Tops of numbers without a bottom: `shape` is that of one example. `data_filler` is constant, uniform or gaussian; random
      numbers are new in every step of the training, and in the test phase the same for every batch. Nothing is learned
      through it.
      """,
    example: "{name: noise, type: DummyData, shape: [2], data_filler: {type: gaussian, std: 0.1}}")

  package static let fields: [Field<DummyData>] = [
    .required("shape", \.extents, .exampleShape, "The shape of one example."),
    .optional("data_filler", \.filler, "The numbers: constant, uniform or gaussian."),
  ]

  package var inconsistency: String? {
    guard !(filler.value is Constant), distribution == nil else { return nil }
    return "data_filler: expected constant, uniform or gaussian"
  }

  /// Of random numbers; nil for a constant.
  private var distribution: RandomDistribution? {
    switch filler.value {
    case let uniform as Uniform: .uniform(low: uniform.least, high: uniform.greatest)
    case let normal as Gaussian: .normal(mean: normal.mean, deviation: normal.deviation)
    default: nil
    }
  }

  package var inputCount: ClosedRange<Int> { 0...0 }

  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try outputShapes(inputs, topCount: 1)
  }

  package func outputShapes(
    _ inputs: [Shape], topCount: Int
  ) throws(ShapeFailure) -> [Shape] {
    Array(repeating: try .batch(of: extents, like: inputs[0]), count: topCount)
  }

  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) {
    let (noise, name) = (pass.phase.noise, plan.layer)
    let constant = Float((filler.value as? Constant)?.value ?? 0)
    let (distribution, width) = (distribution, pass.outputShapes[0].example.count)
    for (number, y) in pass.outputs.enumerated() {
      // Each top has numbers of its own: as if the tops were one after the other.
      let start = number * pass.outputShapes[0].count
      plan.record("fill", reads: [], writes: [y]) { binding in
        let result = binding.floats(y)
        guard let distribution else { return fill(result, with: constant) }
        let fixed = RandomStream(seed: 0, purpose: .noise(layer: name))
        return RandomFill(
          distribution, noise?.stream ?? fixed, step: noise?.step,
          first: start + binding.examples.lowerBound * width, to: result)
      }
    }
  }

  /// No parameter is behind it, so that it is never asked.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {}
}
