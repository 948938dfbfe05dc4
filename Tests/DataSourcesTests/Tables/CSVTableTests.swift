import DataFiles
import Testing

@Suite struct CSVTableTests {
  @Test(arguments: [
    ("a,b\n1,2\n3,4\n", [["1", "2"], ["3", "4"]]),
    ("a,b\n1,2\n3,4", [["1", "2"], ["3", "4"]]),
    ("a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]),
    ("\u{FEFF}a,b\n1,2\n3,4\n\n\r\n\n", [["1", "2"], ["3", "4"]]),
    ("a,b\n1,\n,4\n", [["1", ""], ["", "4"]]),
    ("a,b\n1,2\n3,", [["1", "2"], ["3", ""]]),
    ("a,b\n\"1\",\"2\"\n\"3\",\"4\"", [["1", "2"], ["3", "4"]]),
    ("a,b\n\"x,y\",\"l\nm\"\n\"r\r\ns\",\"\"\n", [["x,y", "l\nm"], ["r\r\ns", ""]]),
    ("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n 1 ,é\n", [["say \"hi\"", "\""], [" 1 ", "é"]]),
    ("a,b\r\n1,2\n3,4\r\n", [["1", "2"], ["3", "4"]]),
  ])
  func cellsAreCutAsRFC4180Says(text: String, rows: [[String]]) throws {
    let table = try table(text)
    #expect(table.header == ["a", "b"])
    #expect(table.path == "t.csv")
    #expect((0..<table.rowCount).map { table.row($0) } == rows)
  }

  @Test(arguments: [
    ("a,b\n1,2\n3\n", "row 3: expected 2 cells, received 1"),
    ("a,b\n1,2,3\n", "row 2: expected 2 cells, received 3"),
    ("a\n1,2\n", "row 2: expected 1 cell, received 2"),
    ("a,b\n1,2\n\n3,4\n", "row 3: expected 2 cells, received an empty line"),
    ("a\n1\n\n2\n", "row 3: expected 1 cell, received an empty line"),
    ("a,b\n1,\"2\n3,4\n", "row 2: expected a closing quote, received the end of the file"),
    ("a,b\n1,\"2\"3\n", "row 2: expected a comma or the end of the line after a closing quote"),
    ("a,b\n1,2\"3\n", "row 2: expected quotes around the whole cell, received one within it"),
    ("a,b\n1,2\r3,4\r", "row 2: expected a line feed after a carriage return"),
    ("a,b\n1,2\n3,4\r", "row 3: expected a line feed after a carriage return"),
    ("a,b\n1,2\n3,\0\n", "row 3: expected text, received a NUL byte"),
    ("a,b\n1,2\n3,\"\0\"\n", "row 3: expected text, received a NUL byte"),
    ("a,b\n1,\"2\"\0\n", "row 2: expected text, received a NUL byte"),
    ("a,b\n1,\"l\nm\nn\"\n1\n", "row 5: expected 2 cells, received 1"),
  ])
  func brokenFormIsRefusedWithItsRow(text: String, message: String) {
    #expect(failure { () throws(DataFailure) in try table(text) } == .content("t.csv: \(message)"))
  }

  @Test func bytesThatAreNoTextAreRefusedWithTheirRow() {
    for (bytes, row) in [
      ([0xFF], 3), ([0xC3, 0x28], 3), ([0xE2, 0x82], 3), ([0x0A, 0xED, 0xA0, 0x80], 4),
    ] {
      let text = Array("a\n1\n".utf8) + bytes.map { UInt8($0) } + Array("\n".utf8)
      #expect(
        failure { () throws(DataFailure) in try CSVTable(text, path: "t.csv") }
          == .content("t.csv: row \(row): expected UTF-8 text, received other bytes"))
    }
  }

  @Test func tableWithoutRowsIsRefused() {
    for text in ["a,b", "a,b\n", "a,b\n\n\r\n"] {
      #expect(
        failure { () throws(DataFailure) in try table(text) }
          == .content("t.csv: expected rows below the header, received none"))
    }
  }

  @Test func columnsAreFoundByName() throws {
    let table = try table("a,b,c\n1,2,3\n")
    #expect(try table.columns(named: ["c", "a"]) == [2, 0])
    #expect(try table.columns(named: []) == [])
    #expect(
      failure { () throws(DataFailure) in try table.columns(named: ["a", "c", "a"]) }
        == .content("t.csv: expected every column once, received 'a' twice"))
  }

  @Test func namesInMessagesAreMadePrintable() {
    #expect(
      failure { () throws(DataFailure) in
        try CSVTable(Array("a\n1,2\n".utf8), path: "t\n\u{1B}[31m.csv")
      } == .content("t\\n\\u{1B}[31m.csv: row 2: expected 1 cell, received 2"))
  }
}
