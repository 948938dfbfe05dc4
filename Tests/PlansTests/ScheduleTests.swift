import Kernels
import Plans
import Tensors
import Testing

@Suite("Schedules") struct ScheduleTests {
  /// Operations as texts: `joint a b → c`, `slice → a`.
  struct Case: CustomTestStringConvertible {
    let operations: [String]
    /// Each stage as the indices of its operations. A `j` precedes the indices of joint operations.
    let stages: [String]

    var testDescription: String { operations.joined(separator: "; ") }
  }

  /// Records the operations. Returns the slots by name.
  private static func record(_ lines: [String]) -> (builder: PlanBuilder, slots: [String: Slot]) {
    var builder = PlanBuilder(batchSize: 4, sliceCount: 2)
    var slots: [String: Slot] = [:]
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      let arrow = words.firstIndex(of: "→") ?? words.count
      for name in words.dropFirst() where name != "→" && slots[name] == nil {
        slots[name] = builder.batchSlot(name, Shape([4, 1]))
      }
      let reads = words[1..<arrow].compactMap { slots[$0] }
      let writes = words[(arrow + 1)...].compactMap { slots[$0] }
      if words[0] == "joint" {
        builder.recordJoint(line, reads: reads, writes: writes) { _ in Nothing() }
      } else {
        builder.record(line, reads: reads, writes: writes) { _ in Nothing() }
      }
    }
    return (builder, slots)
  }

  @Test(
    "separate steps that wait for all slices or for an earlier joint step",
    arguments: [
      Case(operations: [], stages: []),
      Case(operations: ["slice → a"], stages: ["0"]),
      Case(operations: ["slice → a", "slice a → b", "slice → c"], stages: ["0 1 2"]),
      Case(operations: ["slice → a", "joint a → b", "slice b → c"], stages: ["0", "j1", "2"]),
      Case(
        operations: ["slice → a", "joint a → b", "joint a → c", "slice c → d"],
        stages: ["0", "j1 j2", "3"]),
      Case(operations: ["joint → a", "joint a → b"], stages: ["j0", "j1"]),
      Case(operations: ["joint → a", "joint → b", "joint a b → c"], stages: ["j0 j1", "j2"]),
      Case(
        operations: ["joint → a", "joint a → b", "joint a → c", "joint c → d"],
        stages: ["j0", "j1 j2", "j3"]),
      Case(operations: ["joint → a", "joint → a"], stages: ["j0", "j1"]),
      Case(operations: ["slice → a", "joint a → b", "joint → a"], stages: ["0", "j1", "j2"]),
      Case(operations: ["joint a → b", "joint → c", "joint c → a"], stages: ["j0 j1", "j2"]),
    ])
  func stages(test: Case) {
    let (builder, _) = ScheduleTests.record(test.operations)
    let schedule = Schedule(builder.arrangedOperations(), slotCount: builder.slots.count)
    let stages = schedule.stages.map { stage in
      stage.operations.map { "\(stage.isJoint ? "j" : "")\($0)" }.joined(separator: " ")
    }
    #expect(stages == test.stages)
  }

  @Test("record a tensor's lifetime from its first to its last use")
  func lives() {
    let (builder, slots) = ScheduleTests.record([
      "slice → a", "slice a → b", "joint b → c", "slice a → d", "slice c d → e",
    ])
    let schedule = Schedule(builder.operations, slotCount: builder.slots.count + 1)
    let lives = slots.mapValues { schedule.lives[$0.index] }
    #expect(lives == ["a": [0...3], "b": [1...2], "c": [2...4], "d": [3...4], "e": [4...4]])
    #expect(schedule.lives.count == builder.slots.count + 1)
    #expect(schedule.lives.last == [])
  }
}

/// Does nothing, since these plans are never run.
private struct Nothing: Kernel {
  func run() {}
}
