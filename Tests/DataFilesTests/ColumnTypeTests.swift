import DataFiles
import Testing
import YAML

@Suite struct ColumnTypeTests {
  @Test func numbersAreFloat32WhereItIsExact() throws {
    let table = try stored("a,b,c\n1,0.1,16777217\n-2.5,0.5,1\n")
    #expect(table.columns[0].values == .float32([1, -2.5]))
    #expect(table.columns[1].values == .float64([0.1, 0.5]))
    #expect(table.columns[2].values == .float64([16_777_217, 1]))
    // One block needs float64, so the whole column has it.
    let blocks = try stored("a\n1\n0.1\n2\n", blockSize: 1)
    #expect(blocks.columns[0].values == .float64([1, 0.1, 2]))
  }

  @Test func europeanNumbersAreRead() throws {
    let text = "a;b\n1.234,5;1 234\n-1,25;12 345 678\n1234;-7\n"
    let table = try stored(
      text,
      [.number(decimal: .comma, thousands: .point), .number(decimal: .point, thousands: .space)])
    #expect(table.values(0) == [1234.5, -1.25, 1234])
    #expect(table.values(1) == [1234, 12_345_678, -7])
  }

  @Test(arguments: [
    "1.23", "1.2345", "12.34.567", ".123", "1234.567", "1..234", "1.234,", "1,2,3", "", "1.234.5",
  ])
  func groupsHaveThreeDigits(text: String) {
    let expected = text == "1.234," ? "" : "t.csv: row 2, column 'a'"
    let received = message { () throws(DataFailure) in
      try stored("a;b\n\(text);1\n", [.number(decimal: .comma, thousands: .point)])
    }
    #expect(received.hasPrefix(expected) && received.isEmpty == expected.isEmpty)
  }

  @Test func booleansHaveManySpellings() throws {
    let text = "a\ntrue\nFALSE\nYes\nno\nT\nf\ny\nN\n1\n0\n"
    let table = try stored(text, [.boolean])
    #expect(table.columns[0].values == .uint8([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]))
    #expect(
      message { () throws(DataFailure) in try stored("a\nmaybe\n2\n2\n", [.boolean]) } == """
        t.csv: row 2, column 'a': expected a boolean (true or false, yes or no, t or f, y or n, \
        1 or 0), received 'maybe'; and 2 more cells of the column
        """)
  }

  @Test func categoriesAreNumberedByAppearance() throws {
    let table = try stored("a\nx\ny\n01\nx\n1.0\n\"1\"\n", [.category], blockSize: 1)
    #expect(table.columns[0].values == .uint8([0, 1, 2, 0, 2, 2]))
    #expect(table.columns[0].categories == ["x", "y", "1"])
    #expect(table.columns[0].firstRows == [0, 1, 2])
  }

  /// 255 categories fit into 8 bits beside the missing value, and 65,535 into 16.
  @Test(arguments: [(255, 8), (256, 16), (65_535, 16), (65_536, 32)])
  func categoriesAreStoredInFewBits(count: Int, bits: Int) throws {
    let text = "a\n" + (0..<count).map { "c\($0)\n" }.joined() + "NA\n"
    let table = try stored(text, [.category], allowsMissing: true, blockSize: 1000)
    let width =
      switch table.columns[0].values {
      case .uint8: 8
      case .uint16: 16
      case .int32: 32
      default: 0
      }
    #expect(width == bits)
    #expect(table.texts() == (0..<count).map { "c\($0)" } + [nil])
    #expect(table.columns[0].missingCount == 1)
  }

  @Test func aMillionCategoriesAreRefused() {
    let text = "a\n" + (0..<1_000_000).map { "c\($0)\n" }.joined()
    #expect(
      message { () throws(DataFailure) in try stored(text, [.category]) } == """
        t.csv: column 'a': expected at most 100000 categories, received more; leave the column \
        out, or set its type ('type: number')
        """)
  }

  @Test func ordinalsAreRanks() throws {
    let type = ColumnType.ordinal(["low", "mid", "high", "10"])
    let table = try stored("a\nmid\nhigh\nlow\n10.0\nmid\n", [type])
    #expect(table.columns[0].values == .uint8([1, 2, 0, 3, 1]))
    #expect(table.columns[0].categories == ["low", "mid", "high", "10"])
    #expect(
      message { () throws(DataFailure) in try stored("a\nmid\nLow\n", [type]) } == """
        t.csv: row 3, column 'a': expected one of the ordered values ('low', 'mid', 'high', '10'), \
        received 'Low'
        """)
  }

  @Test func missingValuesAreKeptApart() throws {
    let text = "n,c,b,d,t,o\n1,x,yes,2024-02-29,2024-02-29T00:00:01,lo\nNA,,?,-,null,None\n"
    let types: [ColumnType] = [
      .number(), .category, .boolean, .date(), .datetime(), .ordinal(["lo", "hi"]),
    ]
    let table = try stored(text, types, allowsMissing: true)
    #expect((0..<6).map { table.values($0)[1] } == [nil, nil, nil, nil, nil, nil])
    #expect((0..<6).map { table.values($0)[0] } == [1, 0, 1, 19_782, 1_709_164_801, 0])
    #expect(table.columns.map(\.missingCount) == [1, 1, 1, 1, 1, 1])
    #expect(
      message { () throws(DataFailure) in try stored(text, types) } == """
        t.csv: row 3, column 'n': expected a number, received 'NA'; 'missing: median' accepts missing values
        t.csv: row 3, column 'c': expected a category of at most 1000 bytes, received an empty cell; 'missing: own' accepts missing values
        t.csv: row 3, column 'b': expected a boolean (true or false, yes or no, t or f, y or n, 1 or 0), received '?'; 'missing: most_frequent' accepts missing values
        t.csv: row 3, column 'd': expected a date (YYYY-MM-DD), received '-'; 'missing: median' accepts missing values
        t.csv: row 3, column 't': expected a date and time (YYYY-MM-DDThh:mm:ss), received 'null'; 'missing: median' accepts missing values
        t.csv: row 3, column 'o': expected one of the ordered values ('lo', 'hi'), received 'None'; 'missing: most_frequent' accepts missing values
        """)
  }

  @Test func statedMissingTextsReplaceTheUsual() throws {
    var dialect = TableDialect()
    dialect.missing = ["-999", "none"]
    let table = try stored(
      "a,b\n-999.0,none\n1,NA\n", [.number(), .category], dialect, allowsMissing: true)
    #expect(table.values(0) == [nil, 1])
    #expect(table.texts(1) == [nil, "NA"])
  }

  @Test(arguments: [
    ("1,5", "'decimal: \",\"' accepts it"),
    ("1.234,5", "'decimal: \",\"' with 'thousands: \".\"' accepts it"),
    ("1,234.5", "'thousands: \",\"' accepts it"), ("yes", "'type: boolean' accepts it"),
    ("2024-05-01", "'type: date' accepts it"), ("2024-05-01 10:00", "'type: datetime' accepts it"),
    ("Berlin", "'type: category' accepts it"), ("1 234", "'thousands: \" \"' accepts it"),
  ])
  func messageNamesTheFieldThatAcceptsTheCell(text: String, advice: String) {
    #expect(
      message { () throws(DataFailure) in try stored("a;b\n\(text);1\n") }
        == "t.csv: row 2, column 'a': expected a number, received '\(text)'; \(advice)")
  }

  @Test func numbersBeyondFloat32AreRefused() {
    #expect(
      message { () throws(DataFailure) in try stored("a\n1e39\n") } == """
        t.csv: row 2, column 'a': expected a number of at most 3.4028235e+38 in size, received '1e39'
        """)
  }

  /// A class may be called as a missing value is written, but not be empty.
  @Test func labelsMayHaveAnyTextButNone() throws {
    let text = "y\nNA\n-\nNone\n"
    let request = ColumnRequest(0, .category, hasMissingTexts: false)
    let table = try TableReader(TableSource(Array(text.utf8), path: "t.csv")).read([request])
    #expect(table.texts() == ["NA", "-", "None"])
    #expect(
      message { () throws(DataFailure) in
        try TableReader(TableSource(Array((text + "\"\"\n").utf8), path: "t.csv")).read([request])
      } == """
        t.csv: row 5, column 'y': expected a category of at most 1000 bytes, received an empty cell
        """)
  }

  /// Reading the accepted texts as ordered values finds each cell with another text.
  @Test func aRequestMayStateItsExpectation() throws {
    let request = ColumnRequest(
      1, .ordinal(["u", "v"]), hasMissingTexts: false, expectation: "a class ('u', 'v')",
      field: "target")
    let reader = try TableReader(
      TableSource(Array("a,y\n1,u\n2,NA\n3,\"é\"\n".utf8), path: "t.csv"))
    do throws(DataFailure) {
      _ = try reader.read([request])
      Issue.record("a label without a class was read")
    } catch {
      guard case .cells(let cells, _) = error else { throw error }
      #expect(
        cells.diagnostics { _ in .none }.rendered.split(separator: "\n").suffix(6) == [
          "t.csv:3:3: note: expected a class ('u', 'v'), received 'NA'", "    3 | 2,NA",
          "      |   ^", "t.csv:4:4: note: expected a class ('u', 'v'), received 'é'",
          "    4 | 3,\"é\"", "      |    ^",
        ])
    }
  }
}
