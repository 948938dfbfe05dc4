internal import Synchronization

/// The rows of a table, read as one table after the other.
///
/// While some threads parse a group of blocks, the calling thread joins the group before and reads
/// the group after. The size of a group does not change the result.
package final class TableParts {
  private let reader: TableReader
  private let plan: RowPlan
  private let loop: ParallelLoop
  private var assembly: TableAssembly
  /// One slot for each block of a group.
  private let slots: [BlockSlot]
  /// The blocks that were read and not parsed.
  private var waiting: [TableBlock] = []
  /// The blocks that were parsed and not added.
  private var parsed: [ParsedBlock] = []
  /// The memory of texts that were parsed, for further blocks.
  private var spareTexts: [[UInt8]] = []
  private var isAtEnd = false
  /// The failure to read more, which follows the blocks above.
  private var failure: DataFailure?

  /// The greatest number of blocks in a group.
  private static let groupLimit = 16

  init(
    _ reader: TableReader, _ requests: [ColumnRequest], size: Int, memory: Int,
    loop: ParallelLoop
  ) {
    self.reader = reader
    plan = reader.plan(requests)
    assembly = reader.assembly(plan, size: size, memory: memory)
    self.loop = loop
    slots = (0..<TableParts.groupSize(loop)).map { _ in BlockSlot() }
  }

  /// The number of blocks in a group. Two for each thread balance blocks of different costs.
  static func groupSize(_ loop: ParallelLoop) -> Int {
    loop.width == 1 ? 1 : min(2 * loop.width, groupLimit)
  }

  /// Returns the next rows: those of a group of blocks. Nil after the last row.
  ///
  /// - Throws: a failure of the table's form, or the bad cells of all rows from here on.
  package func next() throws(DataFailure) -> StoredTable? {
    // Each table has categories of its own, so that no block knows those of the table before.
    let known = plan.unknownTexts
    while try advance(knowing: known) {
      while assembly.hasBadCells, try advance(knowing: known) {}
      if let table = try assembly.takeTable() { return table }
    }
    return nil
  }

  /// Returns all remaining rows. Nil without rows.
  func rest() throws(DataFailure) -> StoredTable? {
    while try advance(knowing: assembly.known) {}
    return try assembly.takeTable()
  }

  /// Adds the parsed blocks to the table, parses those that wait, and reads the next ones.
  ///
  /// - Parameter known: the texts that the parsed blocks know.
  /// - Returns: false after the last block.
  private func advance(knowing known: [KnownTexts]) throws(DataFailure) -> Bool {
    if isAtEnd, waiting.isEmpty, parsed.isEmpty {
      if let failure { throw failure }
      return false
    }
    let (slots, plan) = (slots.prefix(waiting.count), plan)
    for (slot, block) in zip(slots, waiting) { slot.set(block) }
    var mistake: DataFailure?
    let addAndRead = {
      do throws(DataFailure) {
        for block in self.parsed { try self.assembly.add(block) }
        self.readNext()
      } catch {
        mistake = error
      }
    }
    loop.run(slots.count, { slots[$0].parse(plan, known) }, addAndRead)
    if let mistake { throw mistake }
    parsed = []
    for slot in slots {
      guard let (result, text) = slot.take() else { continue }
      parsed.append(result)
      spareTexts.append(text)
    }
    return true
  }

  /// Reads the blocks of the next group.
  private func readNext() {
    waiting = []
    while waiting.count < slots.count, !isAtEnd {
      do throws(DataFailure) {
        if let block = try reader.nextBlock(in: spareTexts.popLast() ?? []) {
          waiting.append(block)
        } else {
          isAtEnd = true
        }
      } catch {
        (failure, isAtEnd) = (error, true)
      }
    }
  }
}

/// A block while it is parsed, with memory for the cells of one block after another.
private final class BlockSlot: Sendable {
  private struct State {
    var block: TableBlock?
    var result: ParsedBlock?
    var cells: [Double] = []
  }

  private let state = Mutex(State())

  func set(_ block: TableBlock) { state.withLock { $0.block = block } }

  func parse(_ plan: RowPlan, _ known: [KnownTexts]) {
    state.withLock {
      guard let block = $0.block else { return }
      $0.result = BlockParser.parse(block, plan, known: known, cells: &$0.cells)
    }
  }

  /// Returns the parsed block, and its text.
  func take() -> (ParsedBlock, text: [UInt8])? {
    state.withLock {
      guard let result = $0.result.take(), let block = $0.block.take() else { return nil }
      return (result, block.bytes)
    }
  }
}
