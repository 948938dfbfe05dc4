package import Fields
package import Kernels

/// y = x / (1 + e^(−beta · x)) = x · σ(beta · x), element by element
///
/// x and y have the same shape, with any axes. ∂x = (s + beta·x·s·(1 − s)) · ∂y with s = σ(beta·x).
/// Backward reads the input, because two inputs can give the same negative output.
///
/// beta is a constant and is not learned. A large beta approaches ReLU, and 0 gives x/2.
///
/// Reference: S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units for neural network
/// function approximation in reinforcement learning", 2017.
package struct Swish: ElementwiseLayer {
  /// β, the factor of the input in the sigmoid.
  var beta = 1.0

  package init() {}

  package static let reference = Reference(
    "Swish", aliases: ["SiLU"],
    formula: "y = x / (1 + e^(−beta · x))",
    discussion: """
      Keeps the shape. beta is a constant, as in Caffe; with 1 the function is also called SiLU.
      """,
    example: "{name: swish1, type: Swish, beta: 1.5}")

  package static let fields: [Field<Swish>] = [
    .optional("beta", \.beta, .within(-1e6...1e6), "The factor of the input in the sigmoid.")
  ]

  package var function: ElementwiseLoops { .swish(beta: Float(beta)) }
}
