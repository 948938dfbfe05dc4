import DataFiles
import Testing

@Suite struct TextEncodingTests {
  private func units(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in
      let (low, high) = (UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8))
      return bigEndian ? [high, low] : [low, high]
    }
  }

  private static let text = "städte,x\nKöln €,1\n\"𝄞, ü\",2\n"

  @Test(arguments: [1, 2, 3, 5, 1 << 20])
  func utf16IsReadByMarkOrStatement(size: Int) throws {
    for bigEndian in [false, true] {
      let bytes = units(TextEncodingTests.text, bigEndian: bigEndian)
      let marked = (bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]) + bytes
      let encoding: TextEncoding = bigEndian ? .utf16BigEndian : .utf16LittleEndian
      for (bytes, stated) in [
        (marked, nil), (marked, .utf16), (marked, encoding), (bytes, encoding),
      ] as [([UInt8], TextEncoding?)] {
        let table = try stored(
          bytes, [.category], TableDialect(encoding: stated), blockSize: size)
        #expect(table.header.names == ["städte", "x"])
        #expect(table.header.encoding == encoding)
        #expect(table.texts() == ["Köln €", "𝄞, ü"])
      }
    }
  }

  @Test func latin1IsReadWhereStated() throws {
    let bytes = "städte,x\nKöln,1\n".unicodeScalars.map { UInt8($0.value) }
    let table = try stored(bytes, [.category], TableDialect(encoding: .latin1))
    #expect(table.header.names == ["städte", "x"])
    #expect(table.texts() == ["Köln"])
  }

  @Test func otherBytesAreRefusedWithTheirRow() {
    let bytes = Array("a\nok\nK".utf8) + [0xF6] + Array("ln\n".utf8)
    #expect(
      message { () throws(DataFailure) in try stored(bytes, [.category]) } == """
        t.csv: row 3: expected UTF-8 text, received the byte 0xF6; 'encoding' names another encoding \
        (utf-16, latin-1)
        """)
    for (bytes, row) in [
      ([0xC3, 0x28], 3), ([0xE2, 0x82], 3), ([0x0A, 0xED, 0xA0, 0x80], 4), ([0xC0, 0x80], 3),
    ] as [([UInt8], Int)] {
      let text = Array("a\n1\n".utf8) + bytes + [10]
      #expect(
        message { () throws(DataFailure) in try stored(text, [.category]) }
          .hasPrefix("t.csv: row \(row): expected UTF-8 text, received the byte 0x"))
    }
  }

  @Test(arguments: [[0x00, 0xD8, 0x61, 0x00], [0x00, 0xDC], [0x61], [0x00, 0xD8]] as [[UInt8]])
  func halfCharactersAreRefused(bytes: [UInt8]) {
    let text = [0x61, 0, 0x0A, 0] + bytes
    #expect(
      message { () throws(DataFailure) in
        try stored(text, [.category], TableDialect(encoding: .utf16LittleEndian))
      } == "t.csv: row 2: expected UTF-16LE text, received half a character")
  }
}
