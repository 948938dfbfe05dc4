/// Neighbouring rows of a table as UTF-8 text.
struct TableBlock: Sendable {
  /// The rows, and further bytes that belong to no row of the block.
  let bytes: [UInt8]
  /// The rows. Before the last block each of them ends with a line break.
  let range: Range<Int>
  /// Whether the last row is cut, because it exceeds the limit of a row.
  let isCut: Bool
}
