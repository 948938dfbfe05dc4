import DataFiles
import Testing

@Suite struct TableReaderTests {
  /// Blocks of 1 byte hold one row each. The result must not depend on their size.
  @Test(arguments: [1, 7, 64, 1 << 20])
  func blocksDoNotChangeTheResult(size: Int) throws {
    let rows = (0..<200).map { "\($0),\"c\($0 % 7)\n\"\"x\"\"\",2024-01-\($0 % 20 + 10)\n" }
    let text = "a,b,d\n" + rows.joined()
    let types: [ColumnType] = [.number(), .category, .date()]
    let whole = try stored(text, types)
    let parts = try stored(text, types, blockSize: size)
    #expect(parts.rowCount == 200)
    for column in 0..<3 {
      #expect(parts.columns[column].values == whole.columns[column].values)
    }
    #expect(parts.columns[1].categories == whole.columns[1].categories)
    #expect(parts.columns[1].firstRows == [0, 1, 2, 3, 4, 5, 6])
    #expect((0..<200).map { parts.line(ofRow: $0) } == (0..<200).map { 2 + 2 * $0 })
  }

  @Test(arguments: [
    ("a,b\n1,2\n3,4\n", [["1", "2"], ["3", "4"]]),
    ("a,b\n1,2\n3,4", [["1", "2"], ["3", "4"]]),
    ("a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]),
    ("\u{FEFF}a,b\n1,2\n3,4\n\n\r\n\n", [["1", "2"], ["3", "4"]]),
    ("a,b\n\"1\",\"2\"\n\"3\",\"4\"", [["1", "2"], ["3", "4"]]),
    ("a,b\n\"x,y\",\"l\nm\"\n\"r\r\ns\",z\n", [["x,y", "l\nm"], ["r\r\ns", "z"]]),
    ("a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n 1 ,é\n", [["say \"hi\"", "\""], [" 1 ", "é"]]),
    ("a,b\n1,2,\n3,4,\n", [["1", "2"], ["3", "4"]]),
    ("a,b,\n1,2,\n3,4,\n", [["1", "2"], ["3", "4"]]),
  ])
  func cellsAreCutAsRFC4180Says(text: String, rows: [[String]]) throws {
    for size in [1, 1 << 20] {
      let reader = try TableReader(
        TableSource(Array(text.utf8), path: "t.csv"), blockSize: size)
      #expect(reader.header.names.prefix(2) == ["a", "b"])
      let table = try reader.read([ColumnRequest(0, .category), ColumnRequest(1, .category)])
      #expect(table.texts(0) == rows.map { $0[0] })
      #expect(table.texts(1) == rows.map { $0[1] })
    }
  }

  /// A comment between an empty line and a row does not hide the empty line.
  @Test(arguments: [nil, 5, 16]) func noRowFollowsAnEmptyLine(blockSize: Int?) {
    var dialect = TableDialect()
    dialect.comment = "#"
    for text in ["a,b\n\n# note\n1,2\n", "a,b\n3,4\n\r\n#\n\n# note\n1,2\n"] {
      let row = text.contains("3,4") ? 3 : 2
      #expect(
        message { () throws(DataFailure) in try stored(text, [], dialect, blockSize: blockSize) }
          == "t.csv: row \(row): expected 2 cells, received an empty line")
    }
  }

  @Test(arguments: [
    ("a,b\n1,2\n3\n", "row 3: expected 2 cells, received 1"),
    ("a,b\n1,2,3\n", "row 2: expected 2 cells, received 3"),
    ("a\n1,2\n", "row 2: expected 1 cell, received 2"),
    ("a,b\n1,2\n\n3,4\n", "row 3: expected 2 cells, received an empty line"),
    ("a\n1\n\n2\n", "row 3: expected 1 cell, received an empty line"),
    (
      "a,b\n1,\"2\n3,4\n",
      "row 2, column 'b': expected a closing quote, received the end of the file"
    ),
    (
      "a,b\n1,\"2\"3\n",
      "row 2, column 'b': expected a comma or the end of the line after a closing quote"
    ),
    (
      "a,b\n1,2\"3\n",
      "row 2, column 'b': expected quotes around the whole cell, received one within it"
    ),
    ("a,b\n1,2\r3,4\r", "row 2, column 'b': expected a line feed after a carriage return"),
    ("a,b\n1,2\n3,4\r", "row 3, column 'b': expected a line feed after a carriage return"),
    ("a,b\n1,2\n3,\0\n", "row 3, column 'b': expected text, received a NUL byte"),
    ("a,b\n1,2\n3,\"\0\"\n", "row 3, column 'b': expected text, received a NUL byte"),
    ("a,b\n1,\"2\"\0\n", "row 2, column 'b': expected text, received a NUL byte"),
    ("a,b\n1,\"l\nm\nn\"\n1\n", "row 5: expected 2 cells, received 1"),
    ("a,b\n1,2,\n3,4\n", "row 3: expected a comma at the end, as in the rows above, received none"),
    ("a,b\n1,2\n3,4,\n", "row 3: expected 2 cells, received 3"),
    ("", "expected a header line, received an empty file"),
    ("a,b\n", "expected rows below the header, received none"),
    ("a,b\n\n\r\n", "expected rows below the header, received none"),
    (
      "1,2\n3,4\n",
      """
      row 1: expected the names of the columns, received only numbers ('1', '2'); add a line of \
      names, or set 'header' to false (an example) or true (names)
      """
    ),
    ("a;b\n1;2\n3\n", "row 3: expected 2 cells, received 1"),
  ])
  func brokenFormIsRefusedWithItsRow(text: String, expected: String) {
    for size in [1, 1 << 20] {
      #expect(
        message { () throws(DataFailure) in
          try stored(text, [.category, .category], blockSize: size)
        } == "t.csv: \(expected)")
    }
  }

  /// A row has too many cells because its numbers contain the separator.
  @Test(arguments: [
    (ColumnType.number(decimal: .comma), "a,b\n1,5,2,5\n", "received 4"),
    (.number(thousands: .comma), "a,b\n1,500,2\n", "received 3"),
    (.number(decimal: .comma), "a,b\n1,2\n3,4,\n", "received 3"),
    (.number(decimal: .comma), "a,b\n\"1,5\",2\n1,5,2\n", "received 3"),
  ])
  func marksThatSeparateAreNamed(type: ColumnType, text: String, received: String) {
    #expect(
      message { () throws(DataFailure) in try stored(text, [type]) }.hasSuffix(
        "expected 2 cells, \(received) (numbers have a comma in them as well: put them in quotes, or "
          + "choose another separator)"))
  }

  @Test func longCellsRowsAndHeadersAreRefused() {
    let long = String(repeating: "x", count: 1 << 20)
    #expect(
      message { () throws(DataFailure) in
        try stored("a,b\n1,2\n3,\(long)x\n", [.number(), .category])
      }
        == "t.csv: row 3, column 'b': expected a cell of at most 1048576 bytes, received more")
    #expect(
      message { () throws(DataFailure) in try stored("a,b\n1,\"\(long)xx\"\n") }
        == "t.csv: row 2, column 'b': expected a closing quote within 1048576 bytes, received none")
    let row = String(repeating: "\(long.dropFirst()),", count: 17)
    #expect(
      message { () throws(DataFailure) in
        try stored("a,b\n1,2\n\(row)\n", [.category, .category])
      }.hasPrefix("t.csv: row 3"))
    #expect(
      message { () throws(DataFailure) in try stored("a\(String(repeating: ",a", count: 99_999))\n")
      }
        == "t.csv: row 1, column 65537: expected at most 65536 columns, received more")
    #expect(
      message { () throws(DataFailure) in try stored("\(long)x\n1\n") }
        == "t.csv: row 1: expected a header of at most 1048576 bytes")
  }

  @Test func commentsAreNoRows() throws {
    let text = "# \"one\na,b\n# two\n1,2\n#\n3,\"4\n#5\"\n# end"
    for size in [1, 1 << 20] {
      let table = try stored(
        text, [.number(), .category], TableDialect(comment: "#"), blockSize: size)
      #expect(table.values(0) == [1, 3])
      #expect(table.texts(1) == ["2", "4\n#5"])
      #expect(table.line(ofRow: 0) == 4 && table.line(ofRow: 1) == 6)
    }
    #expect(
      message { () throws(DataFailure) in
        try stored("#\na\n#\nx\n", [], TableDialect(comment: "#"))
      } == "t.csv: row 4, column 'a': expected a number, received 'x'; 'type: category' accepts it")
  }

  @Test(arguments: [
    ("a;b\n1;2\n", TableSeparator.semicolon), ("a\tb\n1\t2\n", .tab), ("a|b\n1|2\n", .bar),
    ("\"a;x\",b\n1,2\n", .comma),
  ])
  func separatorIsDetectedInTheHeader(text: String, separator: TableSeparator) throws {
    let table = try stored(text)
    #expect(table.header.separator == separator)
    #expect(table.values(0) == [1] && table.values(1) == [2])
  }

  @Test func severalKindsOfSeparatorsMeanTheComma() throws {
    #expect(try stored("a;x,b|y\n1,2\n").header.names == ["a;x", "b|y"])
    let table = try stored("a;x,b\n1;2\n", [], TableDialect(separator: .semicolon))
    #expect(table.header.names == ["a", "x,b"])
  }

  @Test func tablesMayHaveNoHeader() throws {
    #expect(try stored("1,2\n3,4\n", [], TableDialect(header: false)).values(1) == [2, 4])
    let named = try stored("1,2\n3,4\n", [], TableDialect(columns: ["p", "q"]))
    #expect(named.header.names == ["p", "q"])
    #expect(named.values(0) == [1, 3] && named.line(ofRow: 1) == 2)
    #expect(
      message { () throws(DataFailure) in try stored("1,2\n", [], TableDialect(columns: ["p"])) }
        == "t.csv: row 1: expected as many cells as 'columns' has names, 1, received 2")
    #expect(
      message { () throws(DataFailure) in try stored("1\n", [], TableDialect(header: true)) }
        == "t.csv: expected rows below the header, received none")
  }

  @Test func memoryIsBounded() throws {
    let reader = try TableReader(
      TableSource(Array("a\n1\n2\n".utf8), path: "t.csv"), TableDialect(), blockSize: 2)
    #expect(
      message { () throws(DataFailure) in try reader.read([ColumnRequest(0, .number())], memory: 7)
      }
        == "t.csv: expected columns of at most 7 bytes of memory, received more in row 3")
  }

  /// Blocks know texts of blocks above, new texts appear late, and spellings of a number are equal.
  @Test(arguments: [7, 40, 200, 1000]) func categoriesDoNotDependOnBlocks(size: Int) throws {
    let rows = (0..<200).map { row in
      let city = row % 13 == 0 ? "NA" : "c\(row < 150 ? row % 5 : row % 9)"
      return "\(city),\(row % 2 == 0 ? "1" : "1.0"),\(row % 3 == 0 ? "yes" : "no")\n"
    }
    let text = "city,number,flag\n" + rows.joined()
    let whole = try stored(text, [.category, .category, .boolean], allowsMissing: true)
    #expect(whole.columns[0].categories == ["c1", "c2", "c3", "c4", "c0", "c6", "c7", "c8", "c5"])
    #expect(whole.columns[1].categories == ["1"] && whole.columns[0].missingCount == 16)
    for loop in [ParallelLoop.serial, inDescendingOrder] {
      let reader = try TableReader(
        TableSource(Array(text.utf8), path: "t.csv"), blockSize: size)
      let table = try reader.read(
        [
          ColumnRequest(0, .category, allowsMissing: true),
          ColumnRequest(1, .category, allowsMissing: true),
          ColumnRequest(2, .boolean, allowsMissing: true),
        ], loop: loop)
      for (found, expected) in zip(table.columns, whole.columns) {
        #expect(found.values == expected.values && found.categories == expected.categories)
        #expect(found.firstRows == expected.firstRows)
      }
    }
  }

  /// Parts of a table have the rows, lines and failures of the whole table.
  @Test func partsFollowEachOther() throws {
    let text = "a,b\n" + (0..<100).map { "\($0),c\($0 % 3)\n" }.joined()
    let reader = try TableReader(
      TableSource(Array(text.utf8), path: "t.csv"), blockSize: 40)
    let parts = reader.parts(
      [ColumnRequest(0, .number()), ColumnRequest(1, .category)], loop: inDescendingOrder)
    var (values, texts, lines): ([Double?], [String?], [Int]) = ([], [], [])
    var count = 0
    while let part = try parts.next() {
      values += part.values(0)
      texts += part.texts(1)
      lines += (0..<part.rowCount).map { part.line(ofRow: $0) }
      count += 1
    }
    #expect(values == (0..<100).map { Double($0) } && lines == Array(2...101) && count > 3)
    #expect(texts == (0..<100).map { "c\($0 % 3)" })
    let broken = try TableReader(
      TableSource(Array((text + "x,c\n").utf8), path: "t.csv"), blockSize: 40
    ).parts([ColumnRequest(0, .number())])
    #expect(
      message { () throws(DataFailure) in while try broken.next() != nil {} }
        == "t.csv: row 102, column 'a': expected a number, received 'x'")
  }

  @Test func labelsOfAColumnAreItsCategories() throws {
    let column = try stored("y\nb\n2\na\n2.0\n", [.category]).columns[0]
    var index = LabelIndex(column)
    #expect(index.labels.map(\.text) == ["b", "2", "a"])
    #expect(index.labels.map(\.row) == [0, 1, 2])
    let (names, classOf) = try index.classes(nil)
    #expect(names == ["2", "a", "b"] && classOf == [2, 0, 1])
    index = LabelIndex(try stored("y\n10\n9\n", [.category]).columns[0])
    #expect(try index.classes(.count(2), offset: 9).classOf == [1, 0])
  }
}
