package import Kernels
internal import Tensors

/// A compiled plan: memory, and prepared kernels in flat lists.
///
/// Running it allocates nothing and looks nothing up.
package final class Plan {
  let builder: PlanBuilder
  package let schedule: Schedule
  package let placement: Placement
  /// By operation: the implementation that was chosen.
  package let implementations: [String]
  private let memory: Storage<UInt8>
  let packedWeights: PackedWeights
  let stages: [Stage]

  /// Decides implementations and memory, and prepares every kernel.
  ///
  /// - Parameter sharesBytes: false stores every tensor and keeps it until the end, for looking at
  ///   all of them.
  /// - Throws: `KernelError` if the memory is not there or oneDNN refuses a primitive.
  package init(
    _ builder: PlanBuilder, cache: ImplementationCache, sharesBytes: Bool = true
  ) throws(KernelError) {
    self.builder = builder
    schedule = Schedule(
      builder.arrangedOperations(fuses: sharesBytes), slotCount: builder.slots.count)
    var scratch: [Placement.Scratch] = []
    var choices: [Choice] = []
    for (index, operation) in schedule.operations.enumerated() {
      let choice = try Choice(operation, builder, cache)
      choices.append(choice)
      let count = choice.scratchCount
      if count > 0 {
        scratch.append(
          Placement.Scratch(
            operation: index, bytes: count * MemoryLayout<Float>.stride,
            tiles: operation.partCount(builder)))
      }
    }
    implementations = choices.map(\.name)
    placement = Placement(builder, schedule, scratch: scratch, sharesBytes: sharesBytes)
    guard let bytes = placement.bytes, let memory = Storage<UInt8>(count: bytes) else {
      throw KernelError("the plan's memory could not be had")
    }
    self.memory = memory
    let packedWeights = try PackedWeights(builder, schedule, choices, cache)
    self.packedWeights = packedWeights
    let binder = Binder(
      builder: builder, schedule: schedule, placement: placement, memory: memory,
      choices: choices, packedWeights: packedWeights,
      scratch: Dictionary(uniqueKeysWithValues: zip(scratch.map(\.operation), placement.scratch)))
    stages = (packedWeights.stage.map { [$0] } ?? []) + (try binder.stages())
  }

  /// The bytes of its memory: tensors, and the scratch memory of primitives.
  package var arenaBytes: Int { memory.count }

  /// Runs every stage to its end.
  package func run(on workers: Workers) {
    for stage in stages { workers.run(stage) }
  }

  /// The whole of a tensor that is kept, or of any tensor of a plan with one slice.
  package func floats(_ slot: Slot) -> FloatView {
    Resolver(builder: builder, placement: placement, memory: memory).floats(slot, slice: nil)
  }

  /// The batch's statistics, after a run.
  package func doubles(_ slot: Slot) -> DoubleView {
    Resolver(builder: builder, placement: placement, memory: memory).doubles(slot, slice: nil)
  }

  /// What a plan would take; nothing is prepared.
  package static func estimatedMemory(
    _ builder: PlanBuilder, sharesBytes: Bool = true
  ) -> PlanMemory {
    let schedule = Schedule(
      builder.arrangedOperations(fuses: sharesBytes), slotCount: builder.slots.count)
    var scratch: [Placement.Scratch] = []
    var packed: [PlanMemory.Layout: Double] = [:]
    for (index, operation) in schedule.operations.enumerated() {
      guard case .primitive(let request) = operation.work else { continue }
      let shape = request.shape(builder.examples(ofSlice: 0).count, request.nonlinearity)
      let extra = shape.extraMemory
      if let (operand, count) = extra.packed {
        let key = PlanMemory.Layout(
          parameter: builder.slots[request.operands[operand].index].name, shape: AnyHashable(shape))
        packed[key] = Double(count) * Double(MemoryLayout<Float>.stride)
      }
      let (bytes, overflows) = extra.scratch.multipliedReportingOverflow(
        by: MemoryLayout<Float>.stride)
      if extra.scratch > 0 {
        scratch.append(
          Placement.Scratch(
            operation: index, bytes: overflows ? .max : bytes,
            tiles: operation.partCount(builder)))
      }
    }
    let placement = Placement(builder, schedule, scratch: scratch, sharesBytes: sharesBytes)
    return PlanMemory(arena: placement.bytes, packed: packed)
  }
}

/// What a plan will take of memory, in bytes, before any of it is there.
package struct PlanMemory {
  /// Slices, layers and plans whose primitives are alike share packed weights.
  package struct Layout: Hashable {
    let parameter: String
    let shape: AnyHashable
  }

  /// Tensors, with the scratch memory of primitives as far as their shapes tell; nil if they overflow.
  package let arena: Int?
  /// Parameters in the layouts that primitives choose.
  package let packed: [Layout: Double]
  package var packedWeights: Double { packed.values.reduce(0, +) }
}

/// The implementations of one operation, one a slice or tile.
enum Choice {
  case swift
  case product([any ProductImplementation])
  case primitive([any PrimitiveImplementation])

  /// - Throws: `KernelError` if oneDNN refuses the operation.
  init(
    _ operation: Operation, _ builder: PlanBuilder, _ cache: ImplementationCache
  ) throws(KernelError) {
    let parts = 0..<operation.partCount(builder)
    switch operation.work {
    case .kernel, .nonlinearity:
      self = .swift
    case .product(let request):
      self = .product(
        try parts.map { part throws(KernelError) in
          try cache.product(operation.productShape(request, part: part, builder))
        })
    case .primitive(let request):
      self = .primitive(
        try parts.map { part throws(KernelError) in
          let examples = builder.examples(ofSlice: part).count
          return try cache.primitive(request.shape(examples, request.nonlinearity))
        })
    }
  }

  /// As `dlrun plan` prints it.
  var name: String {
    switch self {
    case .swift: "swift"
    case .product(let parts): parts[0].name
    case .primitive(let parts): parts[0].name
    }
  }

  /// Of the part that needs most.
  var scratchCount: Int {
    switch self {
    case .swift: 0
    case .product(let parts): parts.map(\.scratchCount).max() ?? 0
    case .primitive(let parts): parts.map(\.scratchCount).max() ?? 0
    }
  }
}

extension Operation {
  /// How many kernels the operation becomes: one a slice, or one a tile.
  func partCount(_ builder: PlanBuilder) -> Int {
    switch scope {
    case .slice: builder.sliceCount
    case .joint(let tiles): tiles
    }
  }

  func productShape(_ request: ProductRequest, part: Int, _ builder: PlanBuilder) -> ProductShape {
    switch scope {
    case .slice:
      request.shape(examples: builder.examples(ofSlice: part).count, tile: 0, tiles: 1)
    case .joint(let tiles):
      request.shape(examples: builder.batchSize, tile: part, tiles: tiles)
    }
  }
}

/// Finds the memory of a slot.
struct Resolver {
  let builder: PlanBuilder
  let placement: Placement
  let memory: Storage<UInt8>

  /// - Parameter slice: nil for the whole tensor.
  func floats(_ slot: Slot, slice: Int?) -> FloatView {
    let description = builder.slots[slot.index]
    guard description.isExternal else { return view(slot, slice: slice) }
    guard let external = description.external else {
      preconditionFailure("tensor '\(description.name)' was only planned for")
    }
    return external
  }

  func doubles(_ slot: Slot, slice: Int?) -> DoubleView { view(slot, slice: slice) }

  private func view<Element>(_ slot: Slot, slice: Int?) -> View<Element> {
    let description = builder.slots[slot.index]
    guard let place = placement.places[slot.index] else {
      preconditionFailure("tensor '\(description.name)' is used by no operation")
    }
    let width = description.shape.rank == 0 ? 1 : description.shape.example.count
    var base = place.offset
    var count = description.shape.count
    let examples = slice.map(builder.examples(ofSlice:)) ?? 0..<builder.batchSize
    if case .batch = description.extent { count = examples.count * width }
    switch place.region {
    case .joint:
      if case .batch = description.extent {
        base += examples.lowerBound * width * MemoryLayout<Element>.stride
      }
    case .slice:
      precondition(
        slice != nil || builder.sliceCount == 1,
        "tensor '\(description.name)' is scattered over the slices")
      base += placement.jointBytes + (slice ?? 0) * placement.sliceBytes
    }
    return memory.view(at: base, count: count)
  }
}

extension Storage<UInt8> {
  /// `count` elements from byte `offset` on, which is a multiple of their alignment.
  func view<Value>(at offset: Int, count: Int) -> View<Value> {
    precondition(
      offset >= 0 && offset + count * MemoryLayout<Value>.stride <= self.count,
      "a tensor beyond the arena")
    let start = unsafe buffer.baseAddress.map { unsafe UnsafeMutableRawPointer($0) + offset }
    let elements = unsafe start?.bindMemory(to: Value.self, capacity: count)
    return unsafe View(UnsafeMutableBufferPointer(start: elements, count: count))
  }
}

/// Binds operands and makes the stages.
private struct Binder {
  let builder: PlanBuilder
  package let schedule: Schedule
  package let placement: Placement
  let memory: Storage<UInt8>
  let choices: [Choice]
  let packedWeights: PackedWeights
  let scratch: [Int: Placement.Place]

  func stages() throws(KernelError) -> [Stage] {
    var stages: [Stage] = []
    for stage in schedule.stages {
      var items: [Stage.Item] = []
      for places in schedule.items(of: stage, builder) {
        var item = Stage.Item()
        for place in places {
          item.append(
            try kernel(place.operation, part: place.part, slice: stage.isJoint ? nil : place.part))
        }
        items.append(item)
      }
      stages.append(Stage(items))
    }
    return stages
  }

  private func kernel(_ index: Int, part: Int, slice: Int?) throws(KernelError) -> any Kernel {
    let operation = schedule.operations[index]
    let binding = binding(operation, part: part, slice: slice)
    switch operation.work {
    case .kernel(let make):
      return try make(binding)
    case .nonlinearity(let function):
      let (x, y) = (binding.floats(operation.reads[0]), binding.floats(operation.writes[0]))
      return NonlinearityKernel(function, from: x, to: y, count: y.count)
    case .product(let request):
      guard case .product(let implementations) = choices[index] else {
        preconditionFailure("a product without an implementation")
      }
      return try implementations[part].kernel(
        packedWeights.replacing(request.operands(binding), operation: index, part: part),
        scratch: scratchView(index, part: part, slice: slice))
    case .primitive(let request):
      guard case .primitive(let implementations) = choices[index] else {
        preconditionFailure("a primitive without an implementation")
      }
      return try implementations[part].kernel(
        packedWeights.replacing(
          request.operands.map(binding.floats), operation: index, part: part),
        scratch: scratchView(index, part: part, slice: slice))
    }
  }

  private func scratchView(_ index: Int, part: Int, slice: Int?) -> FloatView? {
    guard let place = scratch[index] else { return nil }
    var base = place.offset
    var bytes = place.bytes
    switch place.region {
    case .slice: base += placement.jointBytes + (slice ?? 0) * placement.sliceBytes
    case .joint:
      bytes /= schedule.operations[index].partCount(builder)
      base += part * bytes
    }
    return memory.view(at: base, count: bytes / MemoryLayout<Float>.stride)
  }

  private func binding(_ operation: Operation, part: Int, slice: Int?) -> Binding {
    let resolver = Resolver(builder: builder, placement: placement, memory: memory)
    var tiles = 1
    if case .joint(let count) = operation.scope { tiles = count }
    let slices = 0..<builder.sliceCount
    return Binding(
      examples: slice.map(builder.examples(ofSlice:)) ?? 0..<builder.batchSize,
      tile: slice == nil ? part : 0, tiles: tiles,
      resolveFloats: { resolver.floats($0, slice: slice) },
      resolveDoubles: { resolver.doubles($0, slice: slice) },
      resolveAllFloats: { slot in slices.map { resolver.floats(slot, slice: $0) } },
      resolveAllDoubles: { slot in slices.map { resolver.doubles(slot, slice: $0) } })
  }
}
