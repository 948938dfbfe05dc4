package import Kernels
package import Tensors

/// A tensor that a layer keeps from one step to the next.
package struct ParameterDeclaration: Sendable {
  /// What the values are for, and who changes them.
  package enum Role: Sendable, Equatable {
    /// Weights of units: factors of the values that a unit sums. The solver changes them.
    case weight
    /// A number added to each unit or channel. The solver changes it.
    case bias
    /// A factor of single values or channels, such as a scale or a slope. The solver changes it.
    case gain
    /// Values that the layer gives as they are. The solver changes them.
    case value
    /// What the layer learns of the data in the training phase, such as a running mean. It is saved with the weights.
    case statistic
    /// What the layer carries from one training batch to the next, beginning with this value. Checkpoints hold it, so
    /// that a resumed training goes on exactly; files of weights do not.
    ///
    /// The shape must not depend on the number of examples. Only steps of training carry the state on. Every other run,
    /// such as a test batch, a prediction or a gradient check, begins with the first value and leaves the training's
    /// state as it is. The layer may therefore change it in every phase.
    case state(Float)

    /// True if the solver changes the values.
    package var isTrained: Bool {
      switch self {
      case .weight, .bias, .gain, .value: true
      case .statistic, .state: false
      }
    }

    package var isState: Bool {
      if case .state = self { true } else { false }
    }
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
    role: Role
  ) {
    self.role = role
    self.name = name
    self.shape = shape
    self.filler = filler
    self.order = order
  }

  /// State that is carried from batch to batch.
  package static func state(
    _ name: String, _ shape: Shape, startingAt first: Float = 0
  ) -> ParameterDeclaration {
    ParameterDeclaration(name, shape, Constant(value: Double(first)), role: .state(first))
  }

  /// The declarations of a layer inside another layer, with a prefix to their names.
  package static func named(
    _ prefix: String, _ declarations: [ParameterDeclaration]
  ) -> [ParameterDeclaration] {
    declarations.map {
      ParameterDeclaration(
        prefix + $0.name, $0.shape, $0.filler, order: $0.order, role: $0.role)
    }
  }
}
