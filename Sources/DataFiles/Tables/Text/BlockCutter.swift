/// Reads a table and cuts its text into blocks of whole rows.
///
/// A block is about 1 MiB long. Its limits depend on the text alone. A line break in quotes does not
/// end a row. Each quote begins or ends a quotation, since a cell has quotes around all of it.
struct BlockCutter {
  private let source: TableSource
  private let blockSize: Int
  private let comment: [UInt8]
  /// The offset of the next byte to read.
  private var offset: Int
  private var decoder: TextDecoder
  /// The text after the last block.
  private var rest: [UInt8] = []
  private var isAtEnd = false

  /// The usual size of a block in bytes.
  static let usualBlockSize = 1 << 20

  /// The greatest size of a row in bytes: 16 MiB.
  static let rowLimit = 1 << 24

  /// - Parameter offset: the end of the byte order mark.
  init(
    _ source: TableSource, _ encoding: TextEncoding, from offset: Int, comment: String?,
    blockSize: Int
  ) {
    self.source = source
    self.blockSize = blockSize
    self.comment = Array((comment ?? "").utf8)
    self.offset = offset
    decoder = TextDecoder(encoding)
  }

  /// Returns the next block. Nil at the end of the text.
  ///
  /// - Parameter memory: an array whose memory the block uses.
  mutating func next(in memory: consuming [UInt8] = []) throws(DataFailure) -> TableBlock? {
    var bytes = memory
    var count = 0
    while true {
      count = try readMore(into: &bytes)
      let text = bytes.span.extracting(0..<count)
      if isAtEnd {
        rest = []
        return count == 0 ? nil : TableBlock(bytes: bytes, range: 0..<count, isCut: false)
      }
      if let end = rowsEnd(text) {
        rest = Array(bytes[end..<count])
        return TableBlock(bytes: bytes, range: 0..<end, isCut: false)
      }
      guard count < BlockCutter.rowLimit else {
        return TableBlock(bytes: bytes, range: 0..<wholeCharacters(text), isCut: true)
      }
      rest = Array(bytes[..<count])
    }
  }

  /// Returns the end of the text without an incomplete character.
  private func wholeCharacters(_ text: Span<UInt8>) -> Int {
    var end = text.count
    while end > 0, text[end - 1] & 0xC0 == 0x80 { end -= 1 }
    return end > 0 && text[end - 1] >= 0xC0 ? end - 1 : end
  }

  /// Writes the rest of the text and the text of further bytes to the start of `bytes`.
  ///
  /// - Returns: the number of bytes of text.
  private mutating func readMore(into bytes: inout [UInt8]) throws(DataFailure) -> Int {
    guard decoder.encoding != .utf8 else {
      let count = try source.read(atMost: blockSize, from: offset, after: rest, into: &bytes)
      isAtEnd = count - rest.count < blockSize
      offset += count - rest.count
      return count
    }
    let encoded = try source.read(atMost: blockSize, from: offset)
    isAtEnd = encoded.count < blockSize
    offset += encoded.count
    bytes = rest
    decoder.decode(encoded.span, isLast: isAtEnd, to: &bytes)
    return bytes.count
  }

  /// Returns the end of the last row that is complete. Nil when there is none.
  private func rowsEnd(_ text: Span<UInt8>) -> Int? {
    guard comment.isEmpty else { return rowsEndBesideComments(text) }
    // The places of quotes divide the text into parts outside and inside of quotes in turn.
    var quotes: [Int] = []
    if text.contains(UInt8(ascii: "\"")) {
      for index in text.indices where text[index] == UInt8(ascii: "\"") { quotes.append(index) }
    }
    var end = text.count
    for part in stride(from: quotes.count, through: 0, by: -1) {
      let start = part == 0 ? 0 : quotes[part - 1] + 1
      if part.isMultiple(of: 2) {
        var place = end
        while place > start {
          if text[place - 1] == UInt8(ascii: "\n") { return place }
          place -= 1
        }
      }
      end = start
    }
    return nil
  }

  /// Returns the end of the last complete row or comment. Quotes in a comment have no meaning.
  private func rowsEndBesideComments(_ text: Span<UInt8>) -> Int? {
    var end: Int?
    var place = 0
    var (isQuoted, isComment) = (false, text.starts(with: comment, at: 0))
    while place < text.count {
      let byte = text[place]
      place += 1
      if byte == UInt8(ascii: "\""), !isComment { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n"), !isQuoted {
        end = place
        isComment = text.starts(with: comment, at: place)
      }
    }
    return end
  }
}

extension Span<UInt8> {
  /// Whether `prefix` stands at `place`.
  func starts(with prefix: [UInt8], at place: Int) -> Bool {
    guard place + prefix.count <= count else { return false }
    for index in prefix.indices where self[place + index] != prefix[index] { return false }
    return true
  }
}
