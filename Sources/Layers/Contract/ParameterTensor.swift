package import Kernels
package import Plans

/// A parameter in a plan.
package struct ParameterTensor: Sendable {
  /// The slot that holds the values.
  package let value: Slot
  /// The order of a matrix in memory.
  package let order: ProductShape.Order

  package init(value: Slot, order: ProductShape.Order) {
    self.value = value
    self.order = order
  }
}
