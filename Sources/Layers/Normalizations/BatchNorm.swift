package import Fields
package import Kernels
internal import LayerKernels
package import Plans
package import Tensors

/// y = γ·(x − μ) / √(σ² + eps) + β, channel by channel
///
/// x and y are [N, C, …]. In training, μ and σ² are the mean and the biased variance of a channel
/// over the whole batch and all positions. In testing they are running averages. γ and β are [C].
/// With `affine: false` the layer has neither.
///
/// The plan divides the batch into slices. The slices join their moments in forward, and their
/// gradient sums in backward. The statistics therefore always cover the whole batch.
///
/// The running averages follow r ← (1 − s)·r + s·batch with s = (1 − f)·n/N. The variance in them
/// is the unbiased one. f is `moving_average_fraction`, n is the size of the batch, and N is the
/// size of a full batch. A short last batch therefore weighs less. PyTorch gives it the weight of a
/// full batch.
///
/// With `form: caffe` every batch has the same weight. The average is divided by the sum of all
/// weights so far, as with Caffe's third blob. Therefore it needs no initial value.
///
/// For averages of the weights, dlrun measures the statistics separately. They are then the means
/// of the batches' moments, weighted by the numbers of examples.
///
/// A batch with one value per channel has no variance. Its normalized values are 0, and it does not
/// change the running averages.
///
/// Reference: S. Ioffe, C. Szegedy, "Batch normalization: accelerating deep network training by
/// reducing internal covariate shift", 2015.
package struct BatchNorm: Layer {
  /// The initial values of running statistics.
  package enum Form: String, FieldChoice {
    /// Mean 0 and variance 1.
    case pytorch
    /// The moments of the first batch.
    case caffe
  }

  /// The phases in which running statistics replace those of the batch; the names are those of
  /// model files.
  package enum GlobalStatistics: String, FieldChoice {
    /// In testing only.
    case testing = "auto"
    /// In both phases. The running statistics stay constant.
    case always = "true"
    /// In no phase. Testing normalizes by the batch.
    case never = "false"
  }

  /// True if the layer has γ and β.
  var isAffine = true
  /// The summand that keeps the divisor positive.
  var epsilon = 1e-5
  /// f, the part of the running statistics that remains after a full batch. PyTorch's momentum is 1
  /// − f.
  var fraction = 0.9
  /// The initial values and weights of running statistics.
  var form = Form.pytorch
  /// The phases that use running statistics.
  var globalStatistics = GlobalStatistics.testing
  /// The initial values of γ.
  var weightFiller = FillerField(Constant(value: 1))
  /// The initial values of β.
  var biasFiller = FillerField(Constant())

  package init() {}

  package static let reference = Reference(
    "BatchNorm",
    formula: "y = γ·(x − μ) / √(σ² + eps) + β",
    discussion: """
      Reads [N, C, …]. In training, μ and σ² are those of the whole batch; in testing they are
      running averages, which files of weights hold as running_mean and running_var. Parameters:
      weight γ [C], bias β [C]. Caffe's layer has neither parameter, averages with 0.999, and starts
      from the first batch. The equivalent fields are affine: false, moving_average_fraction: 0.999,
      form: caffe. The fraction is 1 − PyTorch's momentum. In the averages, the weight of a short
      last batch is proportional to its examples; with form: caffe it is that of a full batch. A
      batch with one value per channel does not change the averages.
      """,
    example: "{name: bn1, type: BatchNorm}")

  package static let fields: [Field<BatchNorm>] = [
    .optional("affine", \.isAffine, "Whether the layer scales the result by γ and shifts it by β."),
    .optional("eps", \.epsilon, .within(1e-30...1), "The term that is added to the variance."),
    .optional(
      "moving_average_fraction", \.fraction, .within(0..<1),
      "The part of the running statistics that remains after a batch."),
    .optional(
      "form", \.form,
      "Whether running statistics begin at 0 and 1, or with the first batch as in Caffe."),
    .optional(
      "use_global_stats", \.globalStatistics,
      "Whether constant running statistics normalize the batch; auto: in testing only. Testing never "
        + "changes them."),
    .optional("weight_filler", \.weightFiller, "Initial values of γ."),
    .optional("bias_filler", \.biasFiller, "Initial values of β."),
  ]

  package var idleFields: [IdleField] { .affineFillers(isAffine) }

  package var removesScale: Bool { true }

  /// - Throws: ``ShapeFailure`` if the bottom has no channels or no values.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    guard inputs[0].rank >= 2, inputs[0].example.count > 0 else {
      throw ShapeFailure("expected [N, C, …] with at least one value in each example")
    }
    return inputs
  }

  package func layouts(
    _ inputs: [Shape], given: [TensorLayout], topCount: Int
  ) -> LayerLayouts { .keeping(given) }

  /// γ and β if the layer is affine, then the running statistics.
  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    let shape = Shape([inputs[0][1]])
    var parameters: [ParameterDeclaration] = []
    if isAffine {
      parameters = [
        ParameterDeclaration("weight", shape, weightFiller.value, role: .gain),
        ParameterDeclaration("bias", shape, biasFiller.value, role: .bias),
      ]
    }
    parameters += [
      ParameterDeclaration("running_mean", shape, Constant(), role: .statistic),
      ParameterDeclaration("running_var", shape, Constant(value: 1), role: .statistic),
    ]
    if form == .caffe {
      parameters.append(
        ParameterDeclaration("running_weight", Shape([1]), Constant(), role: .statistic))
    }
    return parameters
  }

  /// The positions of a channel, if the layer normalizes by the batch.
  package func batchStatisticCount(_ inputs: [Shape], isTraining: Bool) -> Int? {
    usesBatch(isTraining: isTraining) ? inputs[0].example.count / inputs[0][1] : nil
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    4 * Double(inputs[0].count)
  }

  /// The moments that normalize the batch, for each channel.
  package struct Moments {
    /// μ, [C].
    let mean: Slot
    /// 1/√(σ² + eps), [C].
    let inverse: Slot
  }

  /// The slots of the running statistics. The weight exists with `form: caffe` only.
  private func running(_ pass: ForwardPass) -> (mean: Slot, variance: Slot, weight: Slot?) {
    let first = isAffine ? 2 : 0
    return (
      pass.parameters[first].value, pass.parameters[first + 1].value,
      form == .caffe ? pass.parameters[first + 2].value : nil
    )
  }

  /// True if the statistics of the batch normalize it.
  private func usesBatch(isTraining: Bool) -> Bool {
    switch globalStatistics {
    case .testing: isTraining
    case .always: false
    case .never: true
    }
  }

  /// Records the moments and the output, and returns the moments.
  package func forward(_ pass: ForwardPass, _ plan: inout PlanBuilder) -> Moments {
    let (x, channels) = (pass.inputs[0], pass.inputShapes[0][1])
    let inverse = plan.sharedSlot("1/σ", Shape([channels]))
    let mean: Slot
    if usesBatch(isTraining: pass.phase.isTraining) {
      mean = plan.sharedSlot("μ", Shape([channels]))
      recordMoments(pass, mean, inverse, &plan)
    } else {
      let running = running(pass)
      mean = running.mean
      let epsilon = epsilon
      plan.recordJoint(
        "deviation", reads: [running.variance], writes: [inverse], role: .preparation
      ) { binding in
        inverseDeviation(
          binding.floats(running.variance), to: binding.floats(inverse), epsilon: epsilon)
      }
    }
    let affine = isAffine ? [pass.parameters[0].value, pass.parameters[1].value] : []
    let (shape, layout, isAffine) = (pass.inputShapes[0], pass.inputLayouts[0], isAffine)
    plan.primitive(
      "normalize", reads: [x, mean, inverse] + affine, to: pass.outputs[0]
    ) { examples in
      NormalizationShape(
        axes: [examples] + shape.axes.dropFirst(), layout: layout, isAffine: isAffine)
    }
    return Moments(mean: mean, inverse: inverse)
  }

  /// Records the moments of the batch, and the update of the running statistics.
  private func recordMoments(
    _ pass: ForwardPass, _ mean: Slot, _ inverse: Slot, _ plan: inout PlanBuilder
  ) {
    let (x, shape, layout) = (pass.inputs[0], pass.inputShapes[0], pass.inputLayouts[0])
    let channels = shape[1]
    let moments = plan.partialStatistics("moments", count: batchMomentCount(channels: channels))
    plan.record("moments", reads: [x], writes: [moments]) { binding in
      batchMoments(
        of: binding.floats(x), to: binding.doubles(moments),
        layout.runs(shape, examples: binding.examples.count))
    }
    let (fraction, epsilon) = (fraction, epsilon)
    // Testing does not change saved values, and a single value has no variance.
    let running = pass.phase.isTraining && shape.count / channels > 1 ? running(pass) : nil
    let (share, measuredShare) = (
      Double(shape[0]) / Double(pass.phase.fullBatchSize), pass.phase.measuredShare
    )
    let weight = measuredShare == nil ? running?.weight : nil
    let statistics = (running.map { [$0.mean, $0.variance] } ?? []) + (weight.map { [$0] } ?? [])
    plan.recordJoint(
      "moments of the batch", reads: [moments] + statistics, writes: [mean, inverse] + statistics
    ) { binding in
      batchMomentsMerge(
        binding.allDoubles(moments), mean: binding.floats(mean), inverse: binding.floats(inverse),
        running: running.map { (binding.floats($0.mean), binding.floats($0.variance)) },
        averaging: measuredShare.map { .measured(share: $0) }
          ?? weight.map { .weighted(binding.floats($0)) } ?? .exponential(share: share),
        fraction: fraction, epsilon: epsilon, channels: channels)
    }
  }

  /// Records ∂γ, ∂β and ∂x. If the layer uses running statistics, ∂x is only a scaled ∂y.
  package func backward(_ pass: inout BackwardPass, _ kept: Moments, _ plan: inout PlanBuilder) {
    guard let dy = pass.outputGradients[0] else { return }
    let (mean, inverse) = (kept.mean, kept.inverse)
    let (x, shape, layout) = (pass.inputs[0], pass.inputShapes[0], pass.inputLayouts[0])
    let usesBatch = usesBatch(isTraining: pass.phase.isTraining)
    let gradients = pass.parameterGradients.prefix(isAffine ? 2 : 0)
    let channels = Shape([shape[1]])
    let coefficients =
      usesBatch && pass.inputGradients[0] != nil
      ? (
        offset: plan.sharedSlot("∂ offset", channels), slope: plan.sharedSlot("∂ slope", channels)
      ) : nil
    if coefficients != nil || gradients.contains(where: { $0 != nil }) {
      recordGradientSums(pass, dy, mean, inverse, coefficients, &plan)
    }
    guard let dx = pass.inputGradients[0] else { return }
    let scale = isAffine ? pass.parameters[0].value : nil
    let further = [scale, coefficients?.offset, coefficients?.slope].compactMap { $0 }
    plan.record(
      "normalize gradient", reads: [x, dy, mean, inverse] + further, writes: [dx]
    ) { binding in
      batchNormalizationGradient(
        x: binding.floats(x), dy: binding.floats(dy), mean: binding.floats(mean),
        inverse: binding.floats(inverse), scale: scale.map(binding.floats),
        coefficients: coefficients.map { (binding.floats($0.offset), binding.floats($0.slope)) },
        to: binding.floats(dx), layout.runs(shape, examples: binding.examples.count))
    }
  }

  /// Records ∂γ, ∂β and the terms that ∂x subtracts, from sums over the whole batch.
  private func recordGradientSums(
    _ pass: BackwardPass, _ dy: Slot, _ mean: Slot, _ inverse: Slot,
    _ coefficients: (offset: Slot, slope: Slot)?, _ plan: inout PlanBuilder
  ) {
    let (x, shape, layout) = (pass.inputs[0], pass.inputShapes[0], pass.inputLayouts[0])
    let channels = shape[1]
    let sums = plan.partialStatistics("gradient sums", count: 2 * channels)
    plan.record("gradient sums", reads: [x, dy, mean], writes: [sums]) { binding in
      batchGradientSums(
        x: binding.floats(x), dy: binding.floats(dy), mean: binding.floats(mean),
        to: binding.doubles(sums), layout.runs(shape, examples: binding.examples.count))
    }
    let scaleGradient = isAffine ? pass.parameterGradients[0] : nil
    let shiftGradient = isAffine ? pass.parameterGradients[1] : nil
    let writes = [scaleGradient, shiftGradient, coefficients?.offset, coefficients?.slope]
      .compactMap { $0 }
    let count = shape.count / channels
    plan.recordJoint(
      "gradient sums of the batch", reads: [sums, inverse], writes: writes
    ) { binding in
      batchGradientMerge(
        binding.allDoubles(sums), inverse: binding.floats(inverse),
        scaleGradient: scaleGradient.map(binding.floats),
        shiftGradient: shiftGradient.map(binding.floats),
        coefficients: coefficients.map { (binding.floats($0.offset), binding.floats($0.slope)) },
        count: count, channels: channels)
    }
  }
}
