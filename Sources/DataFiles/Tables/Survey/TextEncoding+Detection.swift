internal import YAML

extension TextEncoding {
  /// Finds the encoding of a table's text.
  ///
  /// A byte order mark decides. Without a mark, zeros at every second byte show UTF-16. Other text
  /// is UTF-8 if all of it is valid, and Latin-1 otherwise.
  ///
  /// - Throws: a failure when the file cannot be read, or begins like a file of another format.
  static func found(in source: TableSource) throws(DataFailure) -> TextEncoding {
    let start = try source.read(atMost: 4096, from: 0)
    if let format = otherFormat(start) {
      throw .content("\(source.path.quotable): expected a table, received \(format)")
    }
    let marked = detected(start.span, stated: nil)
    if marked.encoding != .utf8 { return marked.encoding }
    if let wide = wideEncoding(start) { return wide }
    return try isUTF8(source) ? .utf8 : .latin1
  }

  /// Describes a file of another format by its first bytes. Nil for text.
  private static func otherFormat(_ bytes: [UInt8]) -> String? {
    if let image = ImageFormat(bytes) {
      return
        "a \(image.rawValue) image; dlrun init also reads a folder with a folder of images for "
        + "each class"
    }
    for (start, description) in otherFormats where bytes.starts(with: start) { return description }
    return nil
  }

  private static let otherFormats: [(start: [UInt8], description: String)] = [
    ([0x1F, 0x8B], "a gzip file; unpack it first"),
    (
      Array("PK".utf8) + [3, 4],
      "a zip file; export a spreadsheet (.xlsx, .ods) as comma-separated values"
    ),
    (Array("PAR1".utf8), "a Parquet file; export it as comma-separated values"),
    ([0x93] + Array("NUMPY".utf8), "a file of NumPy; use source: npy"),
    (Array("SQLite format 3".utf8), "a SQLite file; export a table as comma-separated values"),
  ]

  /// Returns the kind of UTF-16 that zeros at every second byte show.
  private static func wideEncoding(_ bytes: [UInt8]) -> TextEncoding? {
    guard bytes.count >= 4 else { return nil }
    var zeros = (even: 0, odd: 0)
    for (index, byte) in bytes.enumerated() where byte == 0 {
      if index.isMultiple(of: 2) { zeros.even += 1 } else { zeros.odd += 1 }
    }
    let half = bytes.count / 2
    if zeros.odd > half / 2, zeros.even < half / 10 { return .utf16LittleEndian }
    return zeros.even > half / 2 && zeros.odd < half / 10 ? .utf16BigEndian : nil
  }

  private static func isUTF8(_ source: TableSource) throws(DataFailure) -> Bool {
    var (offset, text, rest): (Int, [UInt8], [UInt8]) = (0, [], [])
    while true {
      let end = try source.read(
        atMost: BlockCutter.usualBlockSize, from: offset, after: rest, into: &text)
      let count = end - rest.count
      offset += count
      let read = text.span.extracting(0..<end)
      let place = TextCensus(read).invalidPlace(read)
      guard count > 0 else { return place == nil }
      // A character of up to four bytes may continue in the next bytes.
      guard end - (place ?? end) < 4 else { return false }
      rest = Array(text[(place ?? end)..<end])
    }
  }
}
