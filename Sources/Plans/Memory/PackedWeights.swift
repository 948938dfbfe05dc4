internal import Kernels
internal import Tensors
internal import Threads

/// The weights of a plan in the layouts that its kernels chose. Slices with equal kernels share
/// them.
///
/// Constant parameters are packed once. If parameters change, the first stage of every run packs
/// the weights of convolutions, and products read their weights unpacked.
struct PackedWeights {
  /// One parameter in one layout.
  private struct Packed {
    let work: PlanTimer.Work
    let slot: Slot
    let packing: any WeightPacking
    let storage: FloatStorage
  }

  /// For each operation and part, the index of the packed operand and its packed elements. Nil if
  /// the part reads all operands unpacked.
  private var replacements: [[(operand: Int, storage: FloatStorage)?]] = []
  private var packed: [Packed] = []
  /// For each slot, the indices of its layouts in `packed`.
  private var layouts: [Slot: [Int]] = [:]
  /// The stage that packs all weights that may have changed since the last run. Nil if none can
  /// change.
  private(set) var stage: Stage?
  /// The lines that `dlrun plan` prints for the stage.
  private(set) var lines: [String] = []

  /// - Throws: `KernelError` if the memory is not available.
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

  /// The memory of the parameter in this layout. The first request adds the kernel that packs it.
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

  /// For each item of the stage, the first operation that reads the weights in that layout.
  var works: [PlanTimer.Work] { packed.map(\.work) }

  /// The operands, with packed weights instead of plain ones.
  func replacing(_ operands: [FloatView], operation: Int, part: Int) -> [FloatView] {
    guard let (operand, storage) = replacements[operation][part] else { return operands }
    var operands = operands
    operands[operand] = FloatView(storage)
    return operands
  }
}
