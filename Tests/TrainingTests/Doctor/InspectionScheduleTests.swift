import Files
import Oracles
import RunOracles
import Testing
import Training

@Suite("The inspected updates") struct InspectionScheduleTests {
  @Test(
    "are the first twenty, and then one in a number that covers every batch",
    arguments: [
      (batches: 1, size: 1, spacing: 20), (15, 1, 22), (20, 1, 21), (420, 1, 23), (42, 2, 20),
      (8, 8, 20), (30, 4, 22),
    ])
  func spacing(batches: Int, size: Int, spacing: Int) {
    let schedule = InspectionSchedule(batchesPerEpoch: batches, iterationSize: size)
    #expect(schedule.spacing == spacing)
    var looks: [Int] = []
    var next = schedule.next(from: 0)
    while looks.count < 20 + batches {
      looks.append(next)
      next = schedule.next(from: next + 1)
    }
    #expect(looks.prefix(20) == ArraySlice(0..<20))
    #expect(
      zip(looks.dropFirst(20), looks.dropFirst(21)).allSatisfy { $1 - $0 == spacing })
    // The inspections cover all batches that end an update.
    func ends(_ updates: some Sequence<Int>) -> Set<Int> {
      Set(updates.map { ($0 * size + size - 1) % batches })
    }
    #expect(ends(looks.dropFirst(20)) == ends(0..<batches))
  }

  @Test("do not depend on where a run resumes", arguments: [0, 7, 19, 20, 21, 43, 100, 1000])
  func resumed(iteration: Int) {
    let schedule = InspectionSchedule(batchesPerEpoch: 15, iterationSize: 1)
    var next = schedule.next(from: 0)
    while next < iteration { next = schedule.next(from: next + 1) }
    #expect(schedule.next(from: iteration) == next)
  }
}
