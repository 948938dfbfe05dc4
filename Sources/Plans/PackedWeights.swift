internal import Kernels
internal import Tensors

/// The weights of a plan in the layouts that its kernels chose. Slices whose kernels are alike share them.
///
/// Where parameters are constant they are packed once. Otherwise a stage of its own, the first of every run, packs
/// what convolutions read; products of a training read their weights as they are.
struct PackedWeights {
  /// One parameter in one layout.
  private struct Packed {
    let work: PlanTimer.Work
    let slot: Slot
    let packing: any WeightPacking
    let storage: FloatStorage
  }

  /// By operation and part; nil if the weights are used as they are.
  private var products: [Int: [FloatStorage?]] = [:]
  /// By operation and part: the place in `packed`, and the operand that it stands for.
  private var places: [Int: [(operand: Int, packed: Int)?]] = [:]
  private var packed: [Packed] = []
  /// By slot: the places in `packed` of its layouts.
  private var layouts: [Slot: [Int]] = [:]
  /// Packs everything that may have changed since the last run; nil if nothing can.
  private(set) var stage: Stage?
  /// As `dlrun plan` prints the stage.
  private(set) var lines: [String] = []

  /// - Throws: `KernelError` if the memory is not there.
  init(
    _ builder: PlanBuilder, _ schedule: Schedule, _ choices: [Choice],
    _ cache: ImplementationCache
  ) throws(KernelError) {
    var kernels: [any Kernel] = []
    for (index, operation) in schedule.operations.enumerated() {
      switch (operation.work, choices[index]) {
      case (.product(let request), .product(let parts)) where request.isRightConstant:
        try packProduct(request, parts, operation, index, builder)
      case (.primitive(let request), .primitive(let parts)):
        try packPrimitive(request, parts, operation, index, builder, cache, &kernels)
      default:
        break
      }
    }
    guard !kernels.isEmpty else { return }
    if builder.hasConstantParameters {
      for kernel in kernels { kernel.run() }
    } else {
      stage = Stage(kernels.map { [$0] })
      var names: [String] = []
      for name in packed.map({ builder.slots[$0.slot.index].name }) where name != names.last {
        names.append(name)
      }
      lines = ["before every run: the layouts of \(names.joined(separator: ", "))"]
    }
  }

  private mutating func packProduct(
    _ request: ProductRequest, _ parts: [any ProductImplementation], _ operation: Operation,
    _ index: Int, _ builder: PlanBuilder
  ) throws(KernelError) {
    guard let weights = builder.slots[request.right.index].external else { return }
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
      products[index, default: []].append(storage)
    }
  }

  private mutating func packPrimitive(
    _ request: PrimitiveRequest, _ parts: [any PrimitiveImplementation], _ operation: Operation,
    _ index: Int, _ builder: PlanBuilder, _ cache: ImplementationCache,
    _ kernels: inout [any Kernel]
  ) throws(KernelError) {
    for part in parts {
      guard let packing = part.packing else {
        places[index, default: []].append(nil)
        continue
      }
      let slot = request.operands[packing.operand]
      guard let weights = builder.slots[slot.index].external else {
        preconditionFailure("packed weights that are no parameter")
      }
      let known = layouts[slot]?.first { packed[$0].packing.isAlike(packing) }
      let place = known ?? packed.count
      if known == nil {
        let storage = try cache.storage(of: builder.slots[slot.index].name, weights, packing)
        layouts[slot, default: []].append(packed.count)
        packed.append(
          Packed(
            work: PlanTimer.Work(operation), slot: slot, packing: packing, storage: storage))
        kernels.append(try packing.kernel(from: weights, to: FloatView(storage)))
      }
      places[index, default: []].append((packing.operand, place))
    }
  }

  /// Whose kernels the stage has, item by item: of the first operation that reads the weights so.
  var works: [PlanTimer.Work] { packed.map(\.work) }

  /// The operands with packed weights in the place of plain ones.
  func replacing(
    _ operands: ProductOperands, operation: Int, part: Int
  ) -> ProductOperands {
    guard let storage = products[operation]?[part] else { return operands }
    return ProductOperands(
      left: operands.left, right: FloatView(storage), bias: operands.bias, result: operands.result)
  }

  func replacing(_ operands: [FloatView], operation: Int, part: Int) -> [FloatView] {
    guard let place = places[operation]?[part] else { return operands }
    var operands = operands
    operands[place.operand] = FloatView(packed[place.packed].storage)
    return operands
  }
}
