internal import Tensors

/// The memory layout of a plan: one arena, in which tensors share bytes if their lifetimes do not
/// overlap.
///
/// The arena has one joint region, and one region for each slice. All slice regions have the same
/// layout. The joint region contains tensors that all slices share, and tensors that one kernel
/// reads as a whole.
package struct Placement: Sendable {
  package enum Region: Sendable {
    case joint
    case slice
  }

  package struct Place: Sendable {
    package let region: Region
    /// The offset in bytes from the start of the region.
    package let offset: Int
    package let bytes: Int
    /// The ranges of operations during which no other tensor may use the bytes. A recomputed tensor
    /// has several ranges.
    package let lives: [ClosedRange<Int>]
  }

  /// The scratch memory of an operation while it runs. Each slice, or each tile of a joint step,
  /// has its own.
  package struct Scratch: Sendable {
    package let operation: Int
    package let bytes: Int
    package let tiles: Int

    package init(operation: Int, bytes: Int, tiles: Int) {
      self.operation = operation
      self.bytes = bytes
      self.tiles = tiles
    }
  }

  /// A block of a region's allocator, by index.
  private typealias Block = (region: Region, number: Int)

  /// The place of each slot. Nil for external and unused tensors.
  package let places: [Place?]
  package let scratch: [Place]
  package let jointBytes: Int
  package let sliceBytes: Int
  package let sliceCount: Int

  /// The bytes of the whole arena. Nil if they overflow.
  package var bytes: Int? {
    let (slices, overflows) = sliceBytes.multipliedReportingOverflow(by: sliceCount)
    let (total, overflowsToo) = slices.addingReportingOverflow(jointBytes)
    // `Int.max` marks a size that is too large to count.
    return overflows || overflowsToo || total == Int.max ? nil : total
  }

  /// - Parameter sharesBytes: false to give every tensor its own bytes until the end of the plan,
  ///   for inspection after a run.
  package init(
    _ builder: PlanBuilder, _ schedule: Schedule, scratch requests: [Scratch] = [],
    sharesBytes: Bool = true
  ) {
    let end = max(schedule.operations.count - 1, 0)
    var (joint, slice) = (Allocator(), Allocator())
    func add(_ region: Region, bytes: Int, _ lives: [ClosedRange<Int>]) -> Block {
      switch region {
      case .joint: (region, joint.add(bytes: bytes, lives))
      case .slice: (region, slice.add(bytes: bytes, lives))
      }
    }
    let slots = builder.slots.enumerated().map { index, slot -> Block? in
      var lives = schedule.lives[index]
      guard !slot.isExternal, !lives.isEmpty else { return nil }
      let region = Placement.region(of: slot)
      if case .joint = region { lives = lives.map(schedule.life(ofShared:)) }
      if slot.isReadOutside || !sharesBytes { lives = [lives[0].lowerBound...end] }
      return add(region, bytes: Placement.bytes(of: slot, builder), lives)
    }
    let requested = requests.map { request in
      let life = request.operation...request.operation
      return schedule.operations[request.operation].scope == .slice
        ? add(.slice, bytes: request.bytes, [life])
        : add(
          .joint, bytes: Allocator.aligned(request.bytes) * request.tiles,
          [schedule.life(ofShared: life)])
    }
    (jointBytes, sliceBytes, sliceCount) = (joint.place(), slice.place(), builder.sliceCount)
    func place(_ block: Block) -> Place {
      let placed = block.region == .joint ? joint[block.number] : slice[block.number]
      return Place(
        region: block.region, offset: placed.offset, bytes: placed.bytes, lives: placed.lives)
    }
    places = slots.map { $0.map(place) }
    scratch = requested.map(place)
  }

  private static func region(of slot: SlotDescription) -> Region {
    switch slot.extent {
    case .shared, .batch: .joint
    case .slice, .rows: .slice
    }
  }

  /// The bytes of a tensor in its region. For a tensor with rows in each slice, these are the bytes
  /// of the largest slice.
  ///
  /// On overflow the size is `Int.max`. Then the allocation fails with a message, because no
  /// machine has that much memory.
  private static func bytes(of slot: SlotDescription, _ builder: PlanBuilder) -> Int {
    var count = slot.shape.count
    if slot.extent == .rows {
      count =
        (builder.batchSize + builder.sliceCount - 1) / builder.sliceCount * slot.shape.example.count
    }
    let (bytes, overflows) = count.multipliedReportingOverflow(by: slot.element.rawValue)
    return overflows ? Int.max : bytes
  }
}
