internal import Kernels
internal import Tensors

extension Plan {
  /// The plan as `dlrun plan` prints it: stages, steps with their implementations, and buffers with
  /// their offsets.
  ///
  ///     stage 1: each of 2 slices
  ///       ip1+relu1   product+relu      tiles   data, ip1.weight, ip1.bias → relu1
  package var text: String {
    (stageLines + [""] + bufferLines).joined(separator: "\n")
  }

  private var stageLines: [String] {
    var lines = packedWeights.lines
    for (number, stage) in schedule.stages.enumerated() {
      let who =
        stage.isJoint
        ? "joint" : builder.sliceCount == 1 ? "whole batch" : "each of \(builder.sliceCount) slices"
      lines.append("stage \(number + 1): \(who)")
      lines += TextTable.lines(stage.operations.map(stepCells), indent: "  ")
    }
    return lines
  }

  private func stepCells(_ index: Int) -> [String] {
    let operation = schedule.operations[index]
    var tiles = ""
    if case .joint(let count) = operation.scope, count > 1 { tiles = " in \(count) tiles" }
    return [
      operation.layer, operation.name + tiles + size(operation), implementations[index],
      (operation.reads.isEmpty ? "" : names(operation.reads) + " ")
        + "→ " + names(operation.writes),
    ]
  }

  /// The extents of a primitive's first part.
  private func size(_ operation: Operation) -> String {
    guard case .primitive(let request) = operation.work else { return "" }
    let extents = request.shape(operation.part(0, builder)).extents
    return extents.isEmpty ? "" : " " + extents
  }

  private func names(_ slots: [Slot]) -> String {
    slots.map { builder.slots[$0.index].name }.joined(separator: ", ")
  }

  /// The shape, and the layout if it is not row-major.
  private func shape(_ slot: SlotDescription) -> String {
    slot.layout == .plain
      ? slot.shape.description : "\(slot.shape.description) \(slot.layout.rawValue)"
  }

  /// The steps of a buffer's lifetimes, counted from 1: `2-7, 31-33`.
  private static func text(of lives: [ClosedRange<Int>]) -> String {
    lives.map { "\($0.lowerBound + 1)-\($0.upperBound + 1)" }.joined(separator: ", ")
  }

  private var bufferLines: [String] {
    var rows = [["buffer", "shape", "region", "offset", "bytes", "steps"]]
    for (index, slot) in builder.slots.enumerated() {
      guard let place = placement.places[index] else { continue }
      rows.append([
        slot.name, shape(slot), place.region == .joint ? "joint" : "slice",
        String(place.offset), String(place.bytes),
        Plan.text(of: place.lives),
      ])
    }
    for place in placement.scratch {
      rows.append([
        "scratch", "", place.region == .joint ? "joint" : "slice", String(place.offset),
        String(place.bytes), Plan.text(of: place.lives),
      ])
    }
    let slices =
      builder.sliceCount == 1 ? "" : "\(builder.sliceCount) × \(placement.sliceBytes) of slices, "
    let total = placement.bytes.map(String.init) ?? "too many"
    let joint = placement.jointBytes
    return TextTable.lines(rows, indent: "", rightAligned: [3, 4])
      + ["arena: \(total) bytes (\(slices)\(joint) joint)"]
  }
}
