internal import Synchronization

/// The rows of a table, read as one table after the other.
package final class TableParts {
  private let reader: TableReader
  private let plan: RowPlan
  private let blocksAtOnce: Int
  private let loop: TableReader.Loop
  private var assembly: TableAssembly

  init(
    _ reader: TableReader, _ requests: [ColumnRequest], size: Int, memory: Int, blocksAtOnce: Int,
    loop: @escaping TableReader.Loop
  ) {
    self.reader = reader
    plan = reader.plan(requests)
    assembly = reader.assembly(plan, size: size, memory: memory)
    self.blocksAtOnce = max(1, blocksAtOnce)
    self.loop = loop
  }

  /// Returns the next rows: those of as many blocks as are parsed at the same time. Nil after the
  /// last row.
  ///
  /// - Throws: a failure of the table's form, or the bad cells of all rows from here on.
  package func next() throws(DataFailure) -> StoredTable? {
    while try addBlocks() {
      while assembly.hasBadCells, try addBlocks() {}
      if let table = try assembly.takeTable() { return table }
    }
    return nil
  }

  /// Returns all remaining rows. Nil without rows.
  func rest() throws(DataFailure) -> StoredTable? {
    while try addBlocks() {}
    return try assembly.takeTable()
  }

  /// Parses the next blocks. Returns false at the end of the table.
  private func addBlocks() throws(DataFailure) -> Bool {
    var blocks: [TableBlock] = []
    while blocks.count < blocksAtOnce, let block = try reader.nextBlock() { blocks.append(block) }
    for block in parse(blocks) { try assembly.add(block) }
    return !blocks.isEmpty
  }

  /// Holds the result of a block.
  private final class Slot: Sendable {
    let result = Mutex<ParsedBlock?>(nil)
  }

  private func parse(_ blocks: [TableBlock]) -> [ParsedBlock] {
    let plan = plan
    guard blocks.count > 1 else { return blocks.map { BlockParser.parse($0, plan) } }
    let slots = blocks.map { _ in Slot() }
    loop(blocks.count) { index in
      let parsed = BlockParser.parse(blocks[index], plan)
      slots[index].result.withLock { $0 = parsed }
    }
    return slots.compactMap { $0.result.withLock { $0 } }
  }
}
