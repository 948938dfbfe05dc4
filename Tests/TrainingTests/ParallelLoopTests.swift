import DataFiles
import Synchronization
import Testing
import Training

@Suite struct ParallelLoopTests {
  @Test(arguments: [1, 2, 5]) func everyPieceRunsOnce(threads: Int) {
    let loop = ParallelLoop(threads: threads)
    #expect(loop.width == threads)
    let counts = Mutex([Int](repeating: 0, count: 40))
    var calls = 0
    loop.run(40, { index in counts.withLock { $0[index] += 1 } }, { calls += 1 })
    loop.run(0, { _ in }, { calls += 1 })
    #expect(counts.withLock { $0 } == [Int](repeating: 1, count: 40) && calls == 2)
  }

  @Test func tableDoesNotDependOnThreads() throws {
    let rows = (0..<5000).map { "\($0 * 7 % 1000).25,c\($0 * $0 % 77)\n" }
    let text = Array(("x,city\n" + rows.joined()).utf8)
    let tables = try [1, 2, 3, 8].map { threads in
      try TableReader(TableSource(text, path: "t.csv"), blockSize: 500).read(
        [ColumnRequest(0, .number()), ColumnRequest(1, .category)],
        loop: ParallelLoop(threads: threads))
    }
    for table in tables {
      #expect(table.rowCount == 5000)
      for (found, expected) in zip(table.columns, tables[0].columns) {
        #expect(found.values == expected.values && found.categories == expected.categories)
      }
    }
  }
}
