internal import Tensors

/// Where the tensors of a plan lie: one arena, in which tensors that are never alive together share bytes.
///
/// The arena is one joint region (what all slices see, or one kernel reads as a whole) and a region of equal layout
/// for each slice.
package struct Placement: Sendable {
  package enum Region: Sendable {
    case joint
    case slice
  }

  package struct Place: Sendable {
    package let region: Region
    /// In bytes from the start of the region.
    package let offset: Int
    package let bytes: Int
    /// The operations between which nobody else may write it: several where it is computed again.
    package let lives: [ClosedRange<Int>]
  }

  /// Memory that an operation needs while it runs: in each slice, or in each tile of a joint step.
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

  /// By slot; nil for external and unused tensors.
  package let places: [Place?]
  package let scratch: [Place]
  package let jointBytes: Int
  package let sliceBytes: Int
  package let sliceCount: Int

  /// Of the whole arena; nil if they overflow.
  package var bytes: Int? {
    let (slices, overflows) = sliceBytes.multipliedReportingOverflow(by: sliceCount)
    let (total, overflowsToo) = slices.addingReportingOverflow(jointBytes)
    // Int.max stands for what is too large to count.
    return overflows || overflowsToo || total == Int.max ? nil : total
  }

  /// - Parameter sharesBytes: false gives every tensor bytes of its own until the end of the plan, so that all can be
  ///   looked at after a run.
  package init(
    _ builder: PlanBuilder, _ schedule: Schedule, scratch requests: [Scratch] = [],
    sharesBytes: Bool = true
  ) {
    let end = max(schedule.operations.count - 1, 0)
    var joint = Allocator()
    var slice = Allocator()
    var slots: [(index: Int, region: Region, number: Int)] = []
    for (index, slot) in builder.slots.enumerated() {
      var lives = schedule.lives[index]
      guard !slot.isExternal, let start = lives.first?.lowerBound else { continue }
      let region = Placement.region(of: slot)
      if case .joint = region { lives = lives.map(schedule.life(ofShared:)) }
      if slot.isReadOutside || !sharesBytes { lives = [(lives.first?.lowerBound ?? start)...end] }
      let rows = Placement.rows(of: slot, builder)
      let bytes = Placement.bytes(slot, rows: rows)
      switch region {
      case .joint: slots.append((index, region, joint.add(bytes: bytes, lives)))
      case .slice: slots.append((index, region, slice.add(bytes: bytes, lives)))
      }
    }
    var scratchNumbers: [(region: Region, number: Int)] = []
    for request in requests {
      if schedule.operations[request.operation].scope == .slice {
        let life = request.operation...request.operation
        scratchNumbers.append((.slice, slice.add(bytes: request.bytes, [life])))
      } else {
        let life = schedule.life(ofShared: request.operation...request.operation)
        let bytes = Allocator.aligned(request.bytes) * request.tiles
        scratchNumbers.append((.joint, joint.add(bytes: bytes, [life])))
      }
    }
    jointBytes = joint.place()
    sliceBytes = slice.place()
    sliceCount = builder.sliceCount
    var places = [Place?](repeating: nil, count: builder.slots.count)
    for slot in slots {
      places[slot.index] = (slot.region == .joint ? joint : slice).placed(slot.number, slot.region)
    }
    self.places = places
    scratch = scratchNumbers.map {
      ($0.region == .joint ? joint : slice).placed($0.number, $0.region)
    }
  }

  private static func region(of slot: SlotDescription) -> Region {
    switch slot.extent {
    case .shared, .batch: .joint
    case .slice, .rows: .slice
    }
  }

  /// The examples of the largest slice, where each slice holds its rows; nil where the region holds the whole tensor.
  private static func rows(of slot: SlotDescription, _ builder: PlanBuilder) -> Int? {
    guard case .rows = slot.extent else { return nil }
    return (builder.batchSize + builder.sliceCount - 1) / builder.sliceCount
  }

  /// Saturates where the size overflows: no machine has that memory, and the refusal says so.
  private static func bytes(_ slot: SlotDescription, rows: Int?) -> Int {
    let count = rows.map { $0 * slot.shape.example.count } ?? slot.shape.count
    let (bytes, overflows) = count.multipliedReportingOverflow(by: slot.element.rawValue)
    return overflows ? Int.max : bytes
  }
}
