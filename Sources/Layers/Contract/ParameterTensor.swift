package import Kernels
package import Plans

/// A parameter in a plan.
package struct ParameterTensor: Sendable {
  package let value: Slot
  /// How a matrix lies in memory.
  package let order: ProductShape.Order

  package init(value: Slot, order: ProductShape.Order) {
    self.value = value
    self.order = order
  }
}
