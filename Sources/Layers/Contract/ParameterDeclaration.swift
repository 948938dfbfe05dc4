package import Kernels
package import Tensors

/// A tensor that a layer keeps from one step to the next.
package struct ParameterDeclaration: Sendable {
  /// The purpose of the values, and the component that changes them.
  package enum Role: Sendable, Equatable {
    /// Weights of units: factors of the values that a unit sums. The solver changes them.
    case weight
    /// A summand for each unit or channel. The solver changes it.
    case bias
    /// A factor of single values or channels, such as a scale or a slope. The solver changes it.
    case gain
    /// Values that the layer outputs unchanged. The solver changes them.
    case value
    /// Statistics that the layer collects in the training phase, such as a running mean. Files of
    /// weights hold these statistics.
    case statistic
    /// State that the layer carries from one training batch to the next, beginning with this value.
    /// Checkpoints hold the state, so that a resumed training continues exactly; files of weights
    /// do not.
    ///
    /// The shape must not depend on the number of examples. Only training steps carry the state on.
    /// Every other run, such as a test batch, a prediction or a gradient check, begins with the
    /// first value. Such a run leaves the state of the training unchanged. The layer may therefore
    /// change the state in every phase.
    case state(Float)

    /// True if the solver changes the values.
    package var isTrained: Bool {
      switch self {
      case .weight, .bias, .gain, .value: true
      case .statistic, .state: false
      }
    }

    /// True for state that training carries from batch to batch.
    package var isState: Bool {
      if case .state = self { true } else { false }
    }
  }

  /// The name within the layer, such as `weight`.
  package let name: String
  /// The shape in files, such as [out, in] for a linear weight.
  package let shape: Shape
  /// The rule for the initial values.
  package let filler: any Filler
  /// The order of a matrix in memory during training. Files are always row-major.
  package let order: ProductShape.Order
  /// The purpose of the values.
  package let role: Role
  /// True for a row-major matrix whose rows an update leaves as they are if their gradient is 0. A
  /// row has a multiple of eight values.
  package let isUpdatedByRows: Bool

  package init(
    _ name: String, _ shape: Shape, _ filler: any Filler, order: ProductShape.Order = .rowMajor,
    role: Role, isUpdatedByRows: Bool = false
  ) {
    self.role = role
    self.isUpdatedByRows = isUpdatedByRows
    self.name = name
    self.shape = shape
    self.filler = filler
    self.order = order
  }

  /// Declares state that is carried from batch to batch.
  ///
  /// - Parameter first: the value of every element before the first batch.
  package static func state(
    _ name: String, _ shape: Shape, startingAt first: Float = 0
  ) -> ParameterDeclaration {
    ParameterDeclaration(name, shape, Constant(value: Double(first)), role: .state(first))
  }

  /// Returns the declarations of a layer inside another layer, with a prefix before their names.
  package static func named(
    _ prefix: String, _ declarations: [ParameterDeclaration]
  ) -> [ParameterDeclaration] {
    declarations.map {
      ParameterDeclaration(
        prefix + $0.name, $0.shape, $0.filler, order: $0.order, role: $0.role,
        isUpdatedByRows: $0.isUpdatedByRows)
    }
  }
}
