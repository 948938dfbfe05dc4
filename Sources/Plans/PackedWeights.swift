internal import Kernels
internal import Tensors
internal import Threads

/// The weights of a plan in the layouts that its kernels chose. Slices whose kernels are alike share them.
///
/// Where parameters are constant they are packed once. Otherwise a stage of its own, the first of every run, packs
/// what convolutions read. Products of a training read their weights as they are.
struct PackedWeights {
  /// One parameter in one layout.
  private struct Packed {
    let work: PlanTimer.Work
    let slot: Slot
    let packing: any WeightPacking
    let storage: FloatStorage
  }

  /// By operation and part: the operand that is packed, and its elements; nil if the part takes all as they are.
  private var replacements: [[(operand: Int, storage: FloatStorage)?]] = []
  private var packed: [Packed] = []
  /// By slot: the places in `packed` of its layouts.
  private var layouts: [Slot: [Int]] = [:]
  /// Packs everything that may have changed since the last run; nil if nothing can.
  private(set) var stage: Stage?
  /// As `dlrun plan` prints the stage.
  private(set) var lines: [String] = []

  /// - Throws: `KernelError` if the memory is not there.
  init(
    _ builder: PlanBuilder, _ schedule: Schedule,
    _ implementations: [[any PrimitiveImplementation]], _ cache: ImplementationCache
  ) throws(KernelError) {
    var kernels: [any Kernel] = []
    for (index, operation) in schedule.operations.enumerated() {
      replacements.append([])
      guard case .primitive(let request) = operation.work else { continue }
      for part in implementations[index] {
        guard let packing = part.packing else {
          replacements[index].append(nil)
          continue
        }
        let slot = request.operands[packing.operand]
        let storage = try storage(of: slot, packing, operation, builder, cache, &kernels)
        replacements[index].append((packing.operand, storage))
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

  /// The parameter in this layout; the first that asks for it adds the kernel that packs.
  private mutating func storage(
    of slot: Slot, _ packing: any WeightPacking, _ operation: Operation, _ builder: PlanBuilder,
    _ cache: ImplementationCache, _ kernels: inout [any Kernel]
  ) throws(KernelError) -> FloatStorage {
    let known = layouts[slot]?.first { packed[$0].packing.isAlike(packing) }
    if let known { return packed[known].storage }
    guard let weights = builder.slots[slot.index].external else {
      preconditionFailure("packed weights are not a parameter")
    }
    let storage = try cache.storage(of: builder.slots[slot.index].name, weights, packing)
    kernels.append(try packing.kernel(from: weights, to: FloatView(storage)))
    layouts[slot, default: []].append(packed.count)
    packed.append(
      Packed(work: PlanTimer.Work(operation), slot: slot, packing: packing, storage: storage))
    return storage
  }

  /// Whose kernels the stage has, item by item: of the first operation that reads the weights so.
  var works: [PlanTimer.Work] { packed.map(\.work) }

  /// The operands with packed weights in the place of plain ones.
  func replacing(_ operands: [FloatView], operation: Int, part: Int) -> [FloatView] {
    guard let (operand, storage) = replacements[operation][part] else { return operands }
    var operands = operands
    operands[operand] = FloatView(storage)
    return operands
  }
}
