package import Kernels
package import Tensors

/// A tensor that a layer keeps from one step to the next.
package struct ParameterDeclaration: Sendable {
  package enum Role: Sendable {
    /// Changed by the solver.
    case trained
    /// Changed by the layer itself in the training phase, such as a running mean; saved as weights are.
    case statistic
  }

  /// Within the layer: `weight`.
  package let name: String
  /// As in files: of a linear weight [out, in].
  package let shape: Shape
  package let filler: any Filler
  /// How the matrix lies in memory during training; files are always row-major.
  package let order: ProductShape.Order
  package let role: Role

  package init(
    _ name: String, _ shape: Shape, _ filler: any Filler, order: ProductShape.Order = .rowMajor,
    role: Role = .trained
  ) {
    self.role = role
    self.name = name
    self.shape = shape
    self.filler = filler
    self.order = order
  }
}
