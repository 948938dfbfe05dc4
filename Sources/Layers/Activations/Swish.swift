package import Fields
package import Kernels

/// y = x / (1 + e^(−beta · x)) = x · σ(beta · x), element by element
///
/// ∂x = (s + beta·x·s·(1 − s)) · ∂y with s = σ(beta·x).
///
/// Reference: P. Ramachandran, B. Zoph, Q. V. Le, "Searching for activation functions", 2017; with beta 1: S. Elfwing,
/// E. Uchibe, K. Doya, "Sigmoid-weighted linear units", 2017.
package struct Swish: ElementwiseLayer {
  var beta = 1.0

  package init() {}

  package static let reference = Reference(
    "Swish", aliases: ["SiLU"],
    formula: "y = x / (1 + e^(−beta · x))",
    discussion: "Keeps the shape. beta is a constant, as in Caffe; with 1 it is also called SiLU.",
    example: "{name: swish1, type: Swish, beta: 1.5}")

  package static let fields: [Field<Swish>] = [
    .optional("beta", \.beta, .within(-1e6...1e6), "Factor of the input within the sigmoid.")
  ]

  package var function: ElementwiseLoops { .swish(beta: Float(beta)) }
}
