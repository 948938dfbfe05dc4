import Kernels
import Oracles
import Plans
import Tensors
import Testing

@Suite("Placement") struct PlacementTests {
  /// A piece of the arena, and the operations between which no other tensor may write it.
  private struct Piece {
    let name: String
    let region: Placement.Region
    let bytes: Range<Int>
    let life: ClosedRange<Int>

    func collides(with other: Piece) -> Bool {
      region == other.region && bytes.overlaps(other.bytes) && life.overlaps(other.life)
    }
  }

  /// The range from the first to the last operation that uses the tensor.
  ///
  /// For a tensor that all slices share, the range covers whole stages, because slices run
  /// independently. For a kept tensor, it extends to the end.
  private static func life(
    of slot: Int, _ description: SlotDescription, in schedule: Schedule, isJoint: Bool
  ) -> ClosedRange<Int>? {
    let users = schedule.operations.indices.filter { index in
      let operation = schedule.operations[index]
      return (operation.reads + operation.writes).contains { $0.index == slot }
    }
    guard var first = users.first, var last = users.last else { return nil }
    if isJoint {
      for stage in schedule.stages {
        if stage.operations.contains(first) { first = stage.operations.lowerBound }
        if stage.operations.contains(last) { last = stage.operations.upperBound - 1 }
      }
    }
    return first...(description.isReadOutside ? schedule.operations.count - 1 : last)
  }

  @Test("never lets two tensors share bytes while both are alive", .tags(.slow), arguments: 1...4)
  func overlaps(sliceCount: Int) throws {
    for seed in 0..<250 {
      let random = RandomPlan(seed: seed, sliceCount: sliceCount)
      let builder = random.plan.builder
      let schedule = Schedule(builder.arrangedOperations(), slotCount: builder.slots.count)
      var numbers = SeededNumbers(seed: 5_000 + seed)
      let requests = schedule.operations.indices.shuffled(using: &numbers).prefix(4).map {
        Placement.Scratch(
          operation: $0, bytes: Int.random(in: 1...900, using: &numbers),
          tiles: schedule.operations[$0].scope == .slice
            ? 1 : Int.random(in: 1...3, using: &numbers))
      }
      let placement = Placement(builder, schedule, scratch: requests)
      let pieces =
        PlacementTests.tensors(builder, schedule, placement)
        + PlacementTests.scratch(requests, schedule, placement)
      for (index, piece) in pieces.enumerated() {
        let end = piece.region == .joint ? placement.jointBytes : placement.sliceBytes
        #expect(piece.bytes.lowerBound % 64 == 0 && piece.bytes.lowerBound >= 0)
        #expect(piece.bytes.upperBound <= end)
        for other in pieces.dropFirst(index + 1) where piece.collides(with: other) {
          Issue.record("seed \(seed): \(piece) and \(other)")
        }
      }
      #expect(placement.sliceBytes % 64 == 0 && placement.jointBytes % 64 == 0)
      #expect(
        placement.bytes == placement.jointBytes + builder.sliceCount * placement.sliceBytes)
    }
  }

  /// The tensors of the arena, each with its required bytes.
  private static func tensors(
    _ builder: PlanBuilder, _ schedule: Schedule, _ placement: Placement
  ) -> [Piece] {
    builder.slots.enumerated().compactMap { index, description in
      guard let place = placement.places[index] else {
        #expect(description.isExternal || schedule.lives[index].isEmpty)
        return nil
      }
      let life = PlacementTests.life(
        of: index, description, in: schedule, isJoint: place.region == .joint)
      var count = description.shape.count
      #expect((place.region == .joint) == [.batch, .shared].contains(description.extent))
      if case .rows = description.extent {
        let rows = (0..<builder.sliceCount).map { builder.examples(ofSlice: $0).count }.max() ?? 0
        count = rows * description.shape.example.count
      }
      let bytes = count * description.element.rawValue
      #expect(place.bytes >= bytes && place.bytes < max(bytes, 1) + 64)
      return Piece(
        name: description.name, region: place.region,
        bytes: place.offset..<place.offset + bytes, life: life ?? 0...0)
    }
  }

  private static func scratch(
    _ requests: [Placement.Scratch], _ schedule: Schedule, _ placement: Placement
  ) -> [Piece] {
    #expect(placement.scratch.count == requests.count)
    return zip(requests, placement.scratch).map { request, place in
      let isSlice = schedule.operations[request.operation].scope == .slice
      #expect(place.region == (isSlice ? .slice : .joint))
      // Every tile has its own cache lines.
      #expect(place.bytes == (request.bytes + 63) / 64 * 64 * request.tiles)
      var life = request.operation...request.operation
      for stage in schedule.stages where !isSlice && stage.operations.contains(request.operation) {
        life = stage.operations.lowerBound...stage.operations.upperBound - 1
      }
      return Piece(
        name: "scratch", region: place.region, bytes: place.offset..<place.offset + place.bytes,
        life: life)
    }
  }

  /// A chain x0 → x1 → … of tensors of [8, 16], 512 bytes each.
  private static func chain(_ length: Int, sliceCount: Int = 1) -> (PlanBuilder, [Slot]) {
    var builder = PlanBuilder(batchSize: 8, sliceCount: sliceCount)
    let slots = (0..<length).map { builder.batchSlot("x\($0)", Shape([8, 16])) }
    for (x, y) in zip(slots, slots.dropFirst()) {
      builder.record("copy", reads: [x], writes: [y]) { binding in
        copy(binding.floats(x), to: binding.floats(y), count: binding.floats(y).count)
      }
    }
    return (builder, slots)
  }

  private static func place(_ builder: PlanBuilder, sharesBytes: Bool = true) -> Placement {
    Placement(
      builder, Schedule(builder.operations, slotCount: builder.slots.count),
      sharesBytes: sharesBytes)
  }

  @Test("stores a chain of any length in the bytes of two tensors", arguments: [2, 3, 10, 100])
  func reuse(length: Int) {
    let (builder, _) = PlacementTests.chain(length)
    #expect(PlacementTests.place(builder).bytes == 1_024)
    #expect(PlacementTests.place(builder, sharesBytes: false).bytes == 512 * length)
  }

  @Test("stores a kept tensor as one piece for all slices")
  func kept() {
    var (builder, slots) = PlacementTests.chain(5, sliceCount: 4)
    builder.keep(slots[1])
    builder.keep(slots[3])
    let placement = PlacementTests.place(builder)
    #expect(placement.places[slots[1].index]?.region == .joint)
    #expect(placement.places[slots[1].index]?.lives == [0...3])
    #expect(placement.places[slots[3].index]?.lives == [0...3])
    #expect(placement.jointBytes == 1_024)
    // x0, x2 and x4 are never alive together. A slice has two of eight rows.
    #expect(placement.sliceBytes == 128)
    #expect(placement.bytes == 1_536)
  }

  @Test("is estimated exactly")
  func estimate() throws {
    for seed in 0..<40 {
      let random = RandomPlan(seed: seed, sliceCount: 3)
      let plan = try random.plan.compile()
      #expect(Plan.estimatedMemory(random.plan.builder).arena == plan.placement.bytes)
    }
  }

  /// The channels are wide, so that weights take most of the memory.
  @Test("stores the packed weights of convolutions once, with scratch memory for their gradients")
  func convolution() throws {
    let (channels, axis) = (
      64, Window.Axis(input: 2, output: 2, kernel: 3, stride: 1, dilation: 1, padding: 1)
    )
    let bytes = 4 * channels * channels * 9
    @Sendable func shape(
      _ direction: ConvolutionShape.Direction, _ examples: Int
    ) -> ConvolutionShape {
      ConvolutionShape(
        direction, examples: examples, inputChannels: channels, outputChannels: channels, groups: 1,
        window: Window([axis, axis]))
    }
    func memory(forwards: Int, gradients: Int) -> PlanMemory {
      var plan = PlanBuilder(batchSize: 2, sliceCount: 2)
      let weights = plan.externalSlot("w", Shape([channels, channels, 3, 3]), nil)
      let gradient = plan.externalSlot("∂w", Shape([channels, channels, 3, 3]), nil)
      let tensors = (0...forwards).map {
        plan.batchSlot("x\($0)", Shape([2, channels, 2, 2]), layout: .channelsLast)
      }
      for number in 0..<forwards {
        plan.primitive(
          "convolution", reads: [tensors[number], weights], to: tensors[number + 1]
        ) { count in shape(.forward, count) }
      }
      for _ in 0..<gradients {
        plan.convolutionGradient(tensors[0], tensors[1], to: gradient) { count in
          shape(.backwardWeights, count)
        }
      }
      return Plan.estimatedMemory(plan)
    }
    #expect(memory(forwards: 1, gradients: 0).packedWeights == Double(bytes))
    #expect(memory(forwards: 3, gradients: 0).packedWeights == Double(bytes))
    let plain = try #require(memory(forwards: 1, gradients: 0).arena)
    #expect(plain < bytes)
    // The tiles of the joint step share the scratch memory of one gradient.
    let trained = try #require(memory(forwards: 1, gradients: 1).arena)
    #expect(trained >= bytes && trained < 2 * bytes)
  }

  @Test("reports tensors that no arena can hold", arguments: [2, 5, 40])
  func overflow(count: Int) {
    for values in [Int.max / 4, Int.max / 4 - 16, Int.max / 2 + 1, Int.max, Int.max / 7] {
      var builder = PlanBuilder(batchSize: 1, sliceCount: 1)
      let slots = (0..<count).map { builder.batchSlot("x\($0)", Shape([1, values])) }
      builder.record("all", reads: slots, writes: []) { _ in
        preconditionFailure("a plan that is only estimated")
      }
      #expect(Plan.estimatedMemory(builder).arena == nil)
    }
  }
}
