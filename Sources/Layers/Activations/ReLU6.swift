package import Fields
package import Kernels

/// y = min(max(x, 0), 6), element by element
///
/// ∂x = ∂y where 0 < y < 6, 0 elsewhere: backward needs the output alone.
///
/// Reference: A. Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.
package struct ReLU6: ElementwiseLayer {
  package init() {}

  package static let reference = Reference(
    "ReLU6",
    formula: "y = min(max(x, 0), 6)",
    discussion: "Keeps the shape. The derivative at 0 and at 6 is taken to be 0.",
    example: "{name: relu1, type: ReLU6}")

  package static let fields: [Field<ReLU6>] = []

  package var function: ElementwiseLoops { .relu6 }
}
