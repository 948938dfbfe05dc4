package import Fields
package import Kernels

/// y = 1.0507 · x where x > 0, else 1.7581 · (e^x − 1)
///
/// x and y have the same shape, with any axes. The exact form is y = λ·x where x > 0, and λ·α·(eˣ −
/// 1) elsewhere, with λ = 1.0507009873554805 and α = 1.6732632423543772.
///
/// ∂x = λ·∂y where y > 0, and (y + λ·α)·∂y elsewhere. Backward therefore reads the output alone.
///
/// With these numbers, an input with mean 0 and variance 1 gives an output with the same mean and
/// variance. This requires weights of variance 1 / inputs before the layer, such as the filler
/// ``LeCun``.
///
/// Reference: G. Klambauer, T. Unterthiner, A. Mayr, S. Hochreiter, "Self-normalizing neural
/// networks", 2017.
package struct SELU: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "SELU",
    formula: "y = 1.0507 · x where x > 0, else 1.7581 · (e^x − 1)",
    discussion: """
      Keeps the shape. An input with mean 0 and variance 1 keeps both, if the weights before the
      layer are normal with variance 1 / inputs.
      """,
    example: "{name: selu1, type: SELU}")

  package static let fields: [Field<SELU>] = []

  package var function: ElementwiseLoops {
    .elu(scale: 1.050_700_987_355_480_5, alpha: 1.673_263_242_354_377_2)
  }
}
