import DataFiles
import Testing

@Suite("The survey of a table") struct TableSurveyTests {
  private func survey(
    _ text: String, _ dialect: TableDialect = TableDialect(), blockSize: Int? = nil
  ) throws -> TableSurvey {
    try TableSurvey(
      TableSource(Array(text.utf8), path: "t.csv"), dialect, blockSize: blockSize)
  }

  private func column(_ cells: [String]) throws -> ColumnSurvey {
    try survey("a\n" + cells.joined(separator: "\n") + "\n").columns[0]
  }

  private func dialect(_ bytes: [UInt8]) throws -> TableDialect {
    try TableDialect.found(in: TableSource(bytes, path: "t.csv"))
  }

  @Test(
    "finds the separator with which all rows agree",
    arguments: [
      ("a,b\n1,2\n3,4\n", TableSeparator.comma, nil as String?),
      ("a;b\n1,5;2,5\n3,5;4,5\n", .semicolon, nil), ("a\tb\n1\t2\n", .tab, nil),
      ("a|b|c\n1|2|3\n", .bar, nil), ("a, the first;b\n1;2\n3;4\n", .semicolon, nil),
      ("a;b\n\"1;2\";3\n", .semicolon, nil), ("# by hand, today\na;b\n1;2\n", .semicolon, "#"),
    ])
  func separator(text: String, separator: TableSeparator, comment: String?) throws {
    let found = try dialect(Array(text.utf8))
    #expect(found.separator == separator)
    #expect(found.comment == comment)
  }

  @Test("without agreement, takes the separator with the most columns")
  func disagreement() {
    let text = message { () throws(DataFailure) in
      try TableDialect.found(in: TableSource(Array("a,b,c\n1,2\n".utf8), path: "t.csv"))
    }
    #expect(text == "t.csv: row 2: expected 3 cells, received 2")
    let wide = (0..<70_000).map { "c\($0)" }.joined(separator: ",")
    let columns = message { () throws(DataFailure) in
      try TableDialect.found(in: TableSource(Array("\(wide)\n1\n".utf8), path: "t.csv"))
    }
    #expect(
      columns == "t.csv: row 1, column 65537: expected at most 65536 columns, received more")
  }

  @Test(
    "tells names from an example in the first line",
    arguments: [
      ("age,city\n31,Bern\n32,Chur\n", true), ("1.5,2.5\n1,2\n", false),
      ("5.1,setosa\n4.9,setosa\n6.2,virginica\n", false),
      ("country,2019,2020\nPeru,1,2\nChad,3,4\n", true), ("yes,red\nno,blue\nyes,red\n", false),
    ])
  func header(text: String, isNames: Bool) throws {
    #expect(try dialect(Array(text.utf8)).header == isNames)
  }

  @Test("finds the encoding from marks, zeros, and bytes that are not UTF-8")
  func encoding() throws {
    let text = "name,x\nKöln,1\n"
    #expect(try dialect(Array(text.utf8)).encoding == .utf8)
    let latin = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    #expect(try dialect(latin).encoding == .latin1)
    let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try dialect(little).encoding == .utf16LittleEndian)
    #expect(try dialect([0xFF, 0xFE] + little).encoding == .utf16LittleEndian)
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    #expect(try dialect(big).encoding == .utf16BigEndian)
    // A character at the limit of two pieces.
    let long = String(repeating: "1,2\n", count: (1 << 18) - 1) + "1,ö\n3,4\n"
    #expect(try dialect(Array("a,b\n".utf8) + Array(long.utf8)).encoding == .utf8)
  }

  @Test(
    "refuses files of other formats",
    arguments: [
      ([0x1F, 0x8B, 8], "a gzip file; unpack it first"),
      (
        Array("PK".utf8) + [3, 4, 0],
        "a zip file; export a spreadsheet (.xlsx, .ods) as comma-separated values"
      ),
      (
        [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A],
        "a PNG image; dlrun init also reads a folder with a folder of images for each class"
      ),
    ] as [([UInt8], String)])
  func otherFormats(bytes: [UInt8], received: String) {
    let text = message { () throws(DataFailure) in
      try TableDialect.found(in: TableSource(bytes, path: "t.csv"))
    }
    #expect(text == "t.csv: expected a table, received \(received)")
  }

  @Test(
    "finds the marks of numbers",
    arguments: [
      (["1", "-2.5", "3e4"], false, DecimalMark.point, nil as GroupMark?),
      (["1,5", "2"], false, .comma, nil), (["\"1,234\"", "\"12,345\""], false, .point, .comma),
      (["1.234,5", "7"], false, .comma, .point), (["1 234", "5 678.25"], false, .point, .space),
      // Three digits after a point are groups where other columns have a decimal comma.
      (["1.234", "5.678"], false, .point, nil), (["1.234", "5.678"], true, .comma, .point),
      (["0.234", "5.678"], true, .point, nil), (["12", "13"], true, .comma, nil),
    ])
  func numbers(
    cells: [String], prefersComma: Bool, decimal: DecimalMark, thousands: GroupMark?
  ) throws {
    var dialect = TableDialect()
    dialect.separator = cells[0].hasPrefix("\"") ? .comma : .semicolon
    let text = "a\n" + cells.joined(separator: "\n")
    let column = try survey(text, dialect).columns[0]
    let form = try #require(column.numbers.form(prefersComma: prefersComma))
    #expect(form.decimal == decimal)
    #expect(form.thousands == thousands)
  }

  @Test("keeps the range of the numbers")
  func range() throws {
    let form = try column(["3", "-1.5", "2"]).numbers.form(prefersComma: false)
    #expect(form?.least == -1.5)
    #expect(form?.greatest == 3)
    #expect(form?.isInteger == false)
    #expect(try column(["3", "x"]).numbers.form(prefersComma: false) == nil)
    #expect(try column(["1e39"]).numbers.isNumber == false)
  }

  @Test(
    "finds the format of dates",
    arguments: [
      (["2024-03-01", "2024-12-31"], "date", nil as String?),
      (["2024-03-01 10:20", "2024-12-31T10:20:30"], "datetime", nil),
      (["01.03.2024", "31.12.2024"], "date", "%d.%m.%Y"),
      (["03/25/2024", "1/2/2024"], "date", "%m/%d/%Y"), (["25/03/2024"], "date", "%d/%m/%Y"),
      (["20240301", "20241231"], "date", "%Y%m%d"), (["1 Mar 2024"], "date", "%d %b %Y"),
      (["01.03.2024 17:05"], "datetime", "%d.%m.%Y %H:%M"),
    ])
  func dates(cells: [String], type: String, format: String?) throws {
    let form = try #require(try column(cells).dates.forms.first)
    #expect(form.type.name == type)
    #expect(form.format?.text == format)
  }

  @Test("finds no date in dates that do not exist, numbers and texts")
  func otherTexts() throws {
    #expect(try !column(["30.02.2024"]).dates.isDate)
    #expect(try !column(["20249999"]).dates.isDate)
    #expect(try !column(["Bern"]).dates.isDate)
  }

  @Test("counts values, gaps and words that may mean a gap")
  func counts() throws {
    let survey = try column(["b", "NA", "a", "b", "?", "unknown", "NA"])
    #expect(survey.valueCount == 3)
    #expect(survey.emptyCount == 0)
    #expect(survey.missingTexts == ["NA": 2, "?": 1])
    #expect(survey.missingWords == ["unknown": 1])
    #expect(survey.rankedTexts.map(\.text) == ["b", "a"])
    #expect(survey.rankedTexts.map(\.count) == [2, 1])
    let gaps = try self.survey("a,b\n,1\n,2\n3,3\n").columns[0]
    #expect(gaps.emptyCount == 2)
    #expect(gaps.valueCount == 1)
  }

  @Test("joins the spellings of a number")
  func spellings() throws {
    let texts = try column(["1", "1.0", "01", "2"]).rankedTexts
    #expect(texts.map(\.text) == ["1", "2"])
    #expect(texts.map(\.count) == [3, 1])
  }

  @Test(
    "recognizes a running number",
    arguments: [
      (["5", "6", "7"], true), (["5", "6", "8"], false), (["5", "6", "6"], false),
      (["5", "", "6"], false), (["a", "b", "c"], false), (["1.5", "2.5"], false),
    ])
  func runningNumber(cells: [String], isRunning: Bool) throws {
    let survey = try survey("a,b\n" + cells.map { "\($0),x" }.joined(separator: "\n"))
    #expect(survey.columns[0].isRunningNumber == isRunning)
  }

  @Test("keeps few texts of a column with many, or with long ones")
  func limits() throws {
    let many = try column((0...1000).map { "t\($0)" })
    #expect(many.hasManyTexts)
    #expect(many.texts.isEmpty)
    #expect(many.valueCount == 1001)
    #expect(try !column((0..<1000).map { "t\($0)" }).hasManyTexts)
    let long = try column([String(repeating: "x", count: 5000), "y"])
    #expect(long.hasManyTexts)
    #expect(long.valueCount == 2)
  }

  @Test("does not depend on the size of the blocks")
  func blocks() throws {
    let rows = (0..<500).map { "\($0),\($0 % 7 == 0 ? "" : "\($0 % 5)"),\"a\n\($0 % 3)\"" }
    let text = "id,x,t\n" + rows.joined(separator: "\n") + "\n"
    let (small, large) = (try survey(text, blockSize: 64), try survey(text))
    #expect(small.rowCount == 500)
    for (left, right) in zip(small.columns, large.columns) {
      #expect(left.texts == right.texts)
      #expect(left.emptyCount == right.emptyCount)
      #expect(left.isRunningNumber == right.isRunningNumber)
    }
    #expect(small.columns[0].isRunningNumber)
  }

  @Test("refuses a table of a wrong form with its row")
  func form() {
    let text = message { () throws(DataFailure) in
      try TableSurvey(
        TableSource(Array("a,b\n1,2\n3\n".utf8), path: "t.csv"), TableDialect(), blockSize: 4)
    }
    #expect(text == "t.csv: row 3: expected 2 cells, received 1")
  }
}
