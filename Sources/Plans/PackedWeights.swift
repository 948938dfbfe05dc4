internal import Kernels
internal import Tensors

/// The constant weights of a plan, each in the layout that its product chose. Slices whose products are alike share
/// them.
struct PackedWeights {
  /// By operation and part; nil where the weights are used as they are.
  private var storages: [Int: [FloatStorage?]] = [:]

  /// - Throws: `KernelError` if the memory is not there.
  init(
    _ builder: PlanBuilder, _ schedule: Schedule, _ products: [Int: [any ProductImplementation]]
  ) throws(KernelError) {
    for (index, operation) in schedule.operations.enumerated() {
      guard case .product(let request) = operation.work, request.isRightConstant,
        let parts = products[index], let weights = builder.slots[request.right.index].external
      else { continue }
      var known: [ProductShape: FloatStorage?] = [:]
      for (part, implementation) in parts.enumerated() {
        let shape = operation.productShape(request, part: part, builder)
        let storage: FloatStorage?
        if let made = known[shape] {
          storage = made
        } else {
          storage = try implementation.packed(weights)
        }
        known[shape] = storage
        storages[index, default: []].append(storage)
      }
    }
  }

  /// The operands with packed weights in the place of plain ones.
  func replacing(
    _ operands: ProductOperands, operation: Int, part: Int
  ) -> ProductOperands {
    guard let storage = storages[operation]?[part] else { return operands }
    return ProductOperands(
      left: operands.left, right: FloatView(storage), bias: operands.bias, result: operands.result)
  }
}
