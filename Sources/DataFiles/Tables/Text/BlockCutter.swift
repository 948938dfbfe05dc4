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
  private var rest: ArraySlice<UInt8> = []
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
  mutating func next() throws(DataFailure) -> TableBlock? {
    while true {
      let text = try readMore()
      if isAtEnd {
        rest = []
        return text.isEmpty ? nil : TableBlock(bytes: text, range: 0..<text.count, isCut: false)
      }
      if let end = rowsEnd(text.span) {
        rest = text[end...]
        return TableBlock(bytes: text, range: 0..<end, isCut: false)
      }
      guard text.count < BlockCutter.rowLimit else {
        return TableBlock(bytes: text, range: 0..<wholeCharacters(text.span), isCut: true)
      }
      rest = text[...]
    }
  }

  /// Returns the end of the text without an incomplete character.
  private func wholeCharacters(_ text: Span<UInt8>) -> Int {
    var end = text.count
    while end > 0, text[end - 1] & 0xC0 == 0x80 { end -= 1 }
    return end > 0 && text[end - 1] >= 0xC0 ? end - 1 : end
  }

  /// Returns the rest of the text with the text of further bytes.
  private mutating func readMore() throws(DataFailure) -> [UInt8] {
    guard decoder.encoding != .utf8 else {
      let before = rest.count
      let text = try source.read(atMost: blockSize, from: offset, after: rest)
      isAtEnd = text.count - before < blockSize
      offset += text.count - before
      return text
    }
    let bytes = try source.read(atMost: blockSize, from: offset)
    isAtEnd = bytes.count < blockSize
    offset += bytes.count
    var text = Array(rest)
    decoder.decode(bytes.span, isLast: isAtEnd, to: &text)
    return text
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
