package import Fields
package import Kernels

/// y = min(max(x, 0), 6), element by element
///
/// x and y have the same shape, with any axes. ∂x = ∂y where 0 < y < 6, and 0 elsewhere. Backward
/// therefore reads the output alone. At 0 and at 6 the derivative is 0.
///
/// Reference: A. Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.
package struct ReLU6: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "ReLU6",
    formula: "y = min(max(x, 0), 6)",
    discussion: """
      Keeps the shape. The derivative at 0 and at 6 is 0.
      """,
    example: "{name: relu1, type: ReLU6}")

  package static let fields: [Field<ReLU6>] = []

  package var function: ElementwiseLoops { .relu6 }
}
