package import Fields
package import Plans
package import Tensors

/// y = t·f(W·x + b) + (1 − t)·x, t = σ(V·x + c)
///
/// x and y are [N, …, D], and the layer acts on the last axis. W (`weight`) and V (`gate_weight`)
/// are [D, D]; b (`bias`) and c (`gate_bias`) are [D].
///
/// The gate t mixes each row of D values with its transformation. With a negative initial c, the
/// layer first passes rows on almost unchanged. Therefore gradients reach the lowest of many such
/// layers.
///
/// Reference: R. K. Srivastava, K. Greff, J. Schmidhuber, "Highway networks", 2015.
package struct Highway: ComposedLayer {
  /// The function f of the transformation.
  package enum Activation: String, FieldChoice { case relu, tanh }

  /// f.
  var activation = Activation.relu
  /// The initial values of W and V.
  var weightFiller = FillerField(Xavier())
  /// The initial values of b.
  var biasFiller = FillerField(Constant())
  /// The initial values of c.
  var gateBiasFiller = FillerField(Constant(value: -2))

  package init() {}

  package static let reference = Reference(
    "Highway",
    formula: "y = t·f(W·x + b) + (1 − t)·x, t = σ(V·x + c)",
    discussion: """
      Keeps the shape [N, …, D] and acts on the last axis. Parameters: weight W and gate_weight V
      [D, D], bias b and gate_bias c [D]. Because the initial bias of the gate is negative, the
      layer first passes its input on. Caffe has no such layer.
      """,
    example: "{name: highway1, type: Highway, activation: tanh}")

  package static let fields: [Field<Highway>] = [
    .optional("activation", \.activation, "The function f of the transformation."),
    .optional("weight_filler", \.weightFiller, "Initial values of both weights."),
    .optional("bias_filler", \.biasFiller, "Initial values of the transformation's bias."),
    .optional("gate_bias_filler", \.gateBiasFiller, "Initial values of the gate's bias."),
  ]

  /// Returns the linear layer of the transformation or of the gate. The two differ only in the
  /// filler of the bias.
  private func linear(_ x: Shape, _ biasFiller: FillerField) -> Linear {
    var linear = Linear()
    (linear.outputCount, linear.axis) = (x.axes.last ?? 0, -1)
    (linear.weightFiller, linear.biasFiller) = (weightFiller, biasFiller)
    return linear
  }

  /// - Throws: ``ShapeFailure`` under the conditions of ``Linear``.
  package func outputShapes(_ inputs: [Shape]) throws(ShapeFailure) -> [Shape] {
    try linear(inputs[0], biasFiller).outputShapes(inputs)
  }

  package func parameters(_ inputs: [Shape]) -> [ParameterDeclaration] {
    linear(inputs[0], biasFiller).parameters(inputs)
      + ParameterDeclaration.named("gate_", linear(inputs[0], gateBiasFiller).parameters(inputs))
  }

  package func flops(_ inputs: [Shape], _ outputs: [Shape]) -> Double {
    2 * linear(inputs[0], biasFiller).flops(inputs, outputs)
  }

  /// Applies two linear layers, their activations, and the formula that mixes them with x.
  package func compose(_ parts: inout Composition, _ plan: inout PlanBuilder) {
    let x = parts.inputs[0]
    let linear = linear(parts.shape(of: x), biasFiller)
    let sum = parts.apply(linear, "sum", to: [x], parameters: 0..<2, &plan)
    let function: any Layer = activation == .relu ? ReLU() : TanH()
    let candidate = parts.apply(function, "candidate", to: [sum], &plan)
    let gateSum = parts.apply(linear, "gate sum", to: [x], parameters: 2..<4, &plan)
    let gate = parts.apply(Sigmoid(), "gate", to: [gateSum], &plan)
    parts.apply(
      Expression("x1 * x2 + (1 - x1) * x3"), to: [gate, candidate, x], makingOutput: 0, &plan)
  }
}
