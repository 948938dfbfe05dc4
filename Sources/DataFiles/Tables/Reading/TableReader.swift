internal import YAML

/// Reads the columns of a table in blocks of about 1 MiB.
///
/// The reader keeps at most a few blocks of text in memory, besides the columns. The blocks and the
/// result do not depend on the number of threads: blocks are parsed independently, and joined in
/// the order of the file.
///
/// The first row names the columns, unless the table has no header. The reader ignores a byte order
/// mark at the start, comment lines, and empty lines at the end. All rows may end with a separator,
/// even if the header does not.
package final class TableReader {
  package let header: TableHeader
  private let dialect: TableDialect
  private let source: TableSource
  private let blockSize: Int
  private var cutter: BlockCutter
  /// The rows below the header in the first block. Nil after they were read.
  private var first: TableBlock?
  /// The number of lines above the rows.
  private let headerLines: Int

  /// Opens a table and reads its header.
  ///
  /// - Parameter blockSize: the size of a block in bytes. Nil means 1 MiB.
  /// - Throws: a failure when the file cannot be read, or has no header or rows.
  package init(
    _ source: TableSource, _ dialect: TableDialect = TableDialect(), blockSize: Int? = nil
  ) throws(DataFailure) {
    self.source = source
    self.dialect = dialect
    self.blockSize = blockSize ?? BlockCutter.usualBlockSize
    let start = try source.read(atMost: 3, from: 0)
    let (encoding, markCount) = TextEncoding.detected(start.span, stated: dialect.encoding)
    cutter = BlockCutter(
      source, encoding, from: markCount, comment: dialect.comment, blockSize: self.blockSize)
    var (line, block) = (0, try cutter.next())
    let comment = Array((dialect.comment ?? "").utf8)
    var place = 0
    while let comments = block {
      place = TableReader.endOfComments(
        comments.bytes.span.extracting(comments.range), comment, &line)
      if place < comments.range.upperBound { break }
      block = try cutter.next()
    }
    guard let block else {
      let expected = dialect.header == false ? "a row" : "a header line"
      throw .content("\(source.path.quotable): expected \(expected), received an empty file")
    }
    let headerStart = place
    let text = block.bytes.span.extracting(block.range)
    if let place = TextCensus(text).invalidPlace(text), place == headerStart {
      throw .content(
        "\(source.path.quotable): row \(line + 1): "
          + TextCensus.message(text[place], encoding))
    }
    header = try TableHeader(
      text, &place, line: line, path: source.path, dialect, encoding: encoding)
    for index in headerStart..<place where text[index] == UInt8(ascii: "\n") { line += 1 }
    headerLines = line
    first = TableBlock(
      bytes: block.bytes, range: place..<block.range.upperBound, isCut: block.isCut)
  }

  /// Returns the place after the comment lines at the start of a text, and counts them.
  private static func endOfComments(
    _ text: Span<UInt8>, _ comment: [UInt8], _ line: inout Int
  ) -> Int {
    var place = 0
    while !comment.isEmpty, text.starts(with: comment, at: place) {
      while place < text.count, text[place] != UInt8(ascii: "\n") { place += 1 }
      place = min(place + 1, text.count)
      line += 1
    }
    return place
  }

  /// Reads columns of all rows. A reader reads its rows once.
  ///
  /// - Parameters:
  ///   - requests: the columns, each at most once.
  ///   - memory: the greatest number of bytes for the columns.
  ///   - loop: parses blocks, possibly on several threads.
  /// - Throws: a failure of the table's form or of its size, or all bad cells.
  package func read(
    _ requests: [ColumnRequest], memory: Int = .max, loop: ParallelLoop = .serial
  ) throws(DataFailure) -> StoredTable {
    let parts = TableParts(
      self, requests, size: source.size, memory: memory, loop: loop)
    guard let table = try parts.rest() else {
      throw .content("\(header.path.quotable): expected rows below the header, received none")
    }
    return table
  }

  /// Returns the rows as tables of a few blocks, which are read one after the other.
  ///
  /// Each of them has categories of its own. The text of the whole table is never in memory.
  ///
  /// - Parameters: as of ``read(_:memory:loop:)``.
  package func parts(_ requests: [ColumnRequest], loop: ParallelLoop = .serial) -> TableParts {
    let size = blockSize.multipliedReportingOverflow(by: TableParts.groupSize(loop))
    return TableParts(
      self, requests, size: size.overflow ? source.size : size.partialValue, memory: .max,
      loop: loop)
  }

  /// The size of the file in bytes. 0 for the standard input.
  package var size: Int { source.size }

  func plan(_ requests: [ColumnRequest]) -> RowPlan { RowPlan(header, requests, dialect) }

  func assembly(_ plan: RowPlan, size: Int, memory: Int) -> TableAssembly {
    TableAssembly(header, plan, headerLines: headerLines, size: size, memory: memory)
  }

  /// Returns the next block below the header. Nil at the end.
  ///
  /// - Parameter memory: an array whose memory the block uses.
  func nextBlock(in memory: consuming [UInt8] = []) throws(DataFailure) -> TableBlock? {
    if let block = first {
      first = nil
      return block
    }
    return try cutter.next(in: memory)
  }
}
