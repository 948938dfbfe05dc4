import Kernels
import Oracles
import Tensors
import Testing

@Suite("Gathering examples") struct GatherTests {
  @Test("copies rows in the given order, from the cursor on", arguments: [1, 2, 3, 5, 8])
  func rows(width: Int) throws {
    let rows = GuardedMemory((0..<7 * width).map(Float.init))
    let order = try #require(Storage<Int32>(count: 7))
    for (place, row) in [6, 0, 3, 3, 5, 1, 2].enumerated() { order[place] = Int32(row) }
    let cursor = try #require(Storage<Int>(count: 1))
    let result = GuardedMemory<Float>(count: 3 * width)
    let gather = gatherRows(
      rows.view, order: View(order), cursor: View(cursor), first: 1, to: result.view, count: 3,
      width: width)
    for (start, expected) in [(0, [0, 3, 3]), (2, [3, 5, 1]), (3, [5, 1, 2])] {
      cursor[0] = start
      run(gather, holding: rows, order)
      let values = expected.flatMap { row in (0..<width).map { Float(row * width + $0) } }
      #expect(result.values == values)
      #expect(result.isIntact)
    }
  }
}
