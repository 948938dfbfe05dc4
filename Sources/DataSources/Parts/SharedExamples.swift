package import DataFiles

/// Counts the test examples that the training part also contains, with bitwise equal inputs and
/// targets.
///
/// The search keeps one entry for each test example, so that its memory does not depend on the size
/// of the training part. It reads the training part once. It confirms each match value by value, so
/// that the count is exact.
package enum SharedExamples {
  /// The result of a search.
  package struct Finding: Sendable, Equatable {
    /// The number of test examples that the training part also contains.
    package let count: Int
    package let testCount: Int
    /// The share of training examples that occur more than once in the training part, estimated
    /// from a sample.
    package let recurringShare: Double
  }

  /// The size of the sample for ``Finding/recurringShare``.
  private static let sampleCount = 1000

  /// Searches for shared examples.
  ///
  /// - Returns: nil when the parts differ in shape or one of them is empty.
  /// - Throws: a failure when a file of an example cannot be read.
  package static func find(
    in test: Dataset, trainedWith train: Dataset
  ) throws(DataFailure) -> Finding? {
    guard test.count > 0, train.count > 0,
      test.tensors.map(\.width) == train.tensors.map(\.width)
    else { return nil }
    // Checksums compare only with each other.
    let usesChecksums = zip(test.tensors, train.tensors).map { $0.isOnDemand && $1.isOnDemand }
    let stride = max(1, train.count / sampleCount)
    let sample = Swift.stride(from: 0, to: train.count, by: stride)
    var tested = try ExampleTable(
      ExampleRows(test, usesChecksums), rows: Array(0..<test.count))
    var recurring = try ExampleTable(
      ExampleRows(train, usesChecksums), rows: Array(sample))
    let rows = ExampleRows(train, usesChecksums)
    for row in 0..<train.count {
      let hash = try rows.hash(row)
      try tested.match(hash, row, of: rows)
      try recurring.match(hash, row, of: rows, exceptItself: true)
    }
    return Finding(
      count: tested.matchCount, testCount: test.count,
      recurringShare: Double(recurring.matchCount) / Double(recurring.rowCount))
  }
}

/// The values of the examples of a part. Where both parts are on demand, a checksum represents an
/// example.
private final class ExampleRows {
  private let tensors: [ExampleTensor]
  /// The cursors of the tensors with checksums.
  private let cursors: [(any ExampleCursor)?]
  /// Loads the tensors on demand without checksums, with the transforms that data in memory already
  /// have.
  private var loader: ExampleLoader
  /// The example that the loader holds. Nil before the first one.
  private var loaded: Int?

  init(_ dataset: Dataset, _ usesChecksums: [Bool]) {
    tensors = dataset.tensors
    cursors = zip(dataset.tensors, usesChecksums).map { tensor, usesChecksum in
      guard usesChecksum, case .onDemand(let examples) = tensor.storage else { return nil }
      return examples.reader.makeCursor()
    }
    let names = zip(dataset.tensors, usesChecksums).filter { $0.isOnDemand && !$1 }.map(\.0.name)
    loader = ExampleLoader(
      dataset.transformed(by: dataset.transforms?.exactStart), names, isTraining: false)
  }

  /// Calls `body` with the values of a tensor of an example, in pieces.
  private func read(
    _ tensor: ExampleTensor, _ row: Int, _ body: (Span<Float>) -> Void
  ) throws(DataFailure) {
    guard tensor.isOnDemand else {
      return try tensor.storage.forEachPiece(
        of: row * tensor.width..<(row + 1) * tensor.width
      ) { values, _ in
        body(values)
        return true
      }
    }
    if loaded != row {
      loaded = nil
      try loader.load(row, epoch: 0)
      loaded = row
    }
    loader.withValues(of: tensor.name, body)
  }

  private func values(_ tensor: ExampleTensor, _ row: Int) throws(DataFailure) -> [UInt32] {
    var bits: [UInt32] = []
    try read(tensor, row) { values in
      for place in values.indices { bits.append(values[place].bitPattern) }
    }
    return bits
  }

  /// Returns the checksum of a tensor of an example. Nil when its values are compared.
  private func checksum(_ tensor: Int, _ row: Int) throws(DataFailure) -> UInt64? {
    guard case .onDemand(let examples) = tensors[tensor].storage else { return nil }
    return try cursors[tensor]?.checksum(of: examples[row])
  }

  func hash(_ row: Int) throws(DataFailure) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for (index, tensor) in tensors.enumerated() {
      if let checksum = try checksum(index, row) {
        hash = (hash ^ checksum) &* 0x9FB2_1C65_1E98_DF25
        continue
      }
      try read(tensor, row) { values in
        for index in values.indices {
          hash = (hash ^ UInt64(values[index].bitPattern)) &* 0x9FB2_1C65_1E98_DF25
          hash ^= hash >> 29
        }
      }
    }
    return hash ^ (hash >> 32)
  }

  func equals(_ row: Int, _ other: ExampleRows, _ otherRow: Int) throws(DataFailure) -> Bool {
    for (index, (left, right)) in zip(tensors, other.tensors).enumerated() {
      if let checksum = try checksum(index, row), let expected = try other.checksum(index, otherRow)
      {
        guard checksum == expected else { return false }
        continue
      }
      guard try values(left, row) == other.values(right, otherRow) else { return false }
    }
    return true
  }
}

/// A hash table of examples. Equal examples share one entry.
private struct ExampleTable {
  private struct Entry {
    let hash: UInt64
    /// The first of the equal examples.
    let row: Int
    /// The number of equal examples.
    var count: Int
    var isMatched = false
  }

  private let rows: ExampleRows
  private var entries: [Entry] = []
  /// For each slot, an index into `entries` plus 1. 0 marks a free slot. The number of slots is a
  /// power of two, and at most half of them are used.
  private var slots: [Int32]
  let rowCount: Int
  /// The number of examples of the table that were matched.
  private(set) var matchCount = 0

  init(_ rows: ExampleRows, rows places: [Int]) throws(DataFailure) {
    self.rows = rows
    rowCount = places.count
    var size = 2
    while size < 2 * places.count { size *= 2 }
    slots = Array(repeating: 0, count: size)
    entries.reserveCapacity(places.count)
    for row in places {
      let hash = try rows.hash(row)
      let (slot, found) = try find(hash, row, of: rows)
      if let found {
        entries[found].count += 1
      } else {
        entries.append(Entry(hash: hash, row: row, count: 1))
        slots[slot] = Int32(clamping: entries.count)
      }
    }
  }

  /// Marks the examples of the table that equal an example of `others`.
  ///
  /// - Parameter exceptItself: whether to ignore a match of an example with itself.
  mutating func match(
    _ hash: UInt64, _ row: Int, of others: ExampleRows, exceptItself: Bool = false
  ) throws(DataFailure) {
    guard let found = try find(hash, row, of: others).entry, !entries[found].isMatched,
      !(exceptItself && entries[found].row == row && entries[found].count == 1)
    else { return }
    entries[found].isMatched = true
    matchCount += entries[found].count
  }

  /// Returns the entry of an equal example, or the free slot for it.
  private func find(
    _ hash: UInt64, _ row: Int, of others: ExampleRows
  ) throws(DataFailure) -> (slot: Int, entry: Int?) {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = Int(slots[slot]) - 1
      if entries[entry].hash == hash, try rows.equals(entries[entry].row, others, row) {
        return (slot, entry)
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return (slot, nil)
  }
}
