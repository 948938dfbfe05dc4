package import Fields
internal import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = constant or random
///
/// The layer has no bottom. Every top is [N, shape…] and holds numbers of `data_filler`. There is
/// no gradient.
///
/// A constant is the same in every run. Random numbers are new in every training step. They are
/// pure functions of the seed, the layer's name, the step and the element's index. Outside training
/// they are the same for every batch.
package struct DummyData: Layer {
  /// The shape of one example.
  var extents: [Int] = []
  /// The rule for the numbers: constant, uniform or gaussian.
  var filler = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "DummyData",
    formula: "y = constant or random",
    discussion: """
      Makes tops of numbers, and has no bottom. `shape` is the shape of one example. `data_filler`
      is constant, uniform or gaussian. Random numbers are new in every training step, and the same
      for every batch in the test phase. The layer passes no gradient.
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

  /// The distribution of random numbers. Nil for a constant.
  private var distribution: RandomDistribution? {
    switch filler.value {
    case let uniform as Uniform: .uniform(low: uniform.least, high: uniform.greatest)
    case let normal as Gaussian: .normal(mean: normal.mean, deviation: normal.deviation)
    default: nil
    }
  }

  package var inputCount: ClosedRange<Int> { 0...0 }

  /// - Throws: ``ShapeFailure`` if the batch has too many values.
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
      // The elements of all tops are numbered consecutively, so that each top has different values.
      let start = number * pass.outputShapes[0].count
      plan.record("fill", reads: [], writes: [y]) { binding in
        let result = binding.floats(y)
        guard let distribution else { return fill(result, with: constant) }
        let fixed = RandomStream(seed: 0, purpose: .noise(layer: name))
        return randomFill(
          distribution, noise?.stream ?? fixed, step: noise?.step,
          first: start + binding.examples.lowerBound * width, to: result)
      }
    }
  }

  /// Records nothing. No parameter precedes the layer, so that the tape never calls this method.
  package func backward(_ pass: inout BackwardPass, _: Void, _ plan: inout PlanBuilder) {}
}
