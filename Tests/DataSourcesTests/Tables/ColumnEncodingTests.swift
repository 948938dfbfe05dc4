import DataFiles
import DataSources
import Fields
import Testing
import YAML

@Suite struct ColumnEncodingTests {
  private func encoding(_ text: String) throws -> ColumnEncoding {
    var diagnostics = Diagnostics()
    let node = try Node.parse(Array(text.utf8), name: "model.yaml")
    let encoding = node.decode(ColumnEncoding.self, of: "column", &diagnostics)
    return try #require(encoding, "\(diagnostics.rendered)")
  }

  private func refusal(_ text: String) throws -> String {
    var diagnostics = Diagnostics()
    let node = try Node.parse(Array(text.utf8), name: "model.yaml")
    #expect(node.decode(ColumnEncoding.self, of: "column", &diagnostics) == nil)
    return diagnostics.rendered.split(separator: "\n").first.map(String.init) ?? ""
  }

  private func table(_ cells: [String], _ encoding: ColumnEncoding) throws -> StoredTable {
    let text = "a;b\n" + cells.map { "\($0);1\n" }.joined()
    let reader = try TableReader(TableSource(Array(text.utf8), path: "t.csv"))
    return try reader.read([encoding.request(0, field: "inputs")])
  }

  /// Returns the names and values of all rows. Those of the training part are learned from.
  private func values(
    _ cells: [String], _ text: String, training: [Bool]? = nil
  ) throws -> (names: [String], values: [[Double]]) {
    let stated = try encoding("{column: a, \(text)}")
    let table = try table(cells, stated)
    let fitted = try stated.fitted(to: table.columns[0], rows: training, path: "t.csv")
    // The resolved model file states an equal encoding.
    var diagnostics = Diagnostics()
    let resolved = Node(.mapping(fitted.encodedFields))
    #expect(resolved.decode(ColumnEncoding.self, of: "column", &diagnostics) == fitted)
    #expect(diagnostics.rendered == "")
    let encoder = try ColumnEncoder(fitted, of: table.columns[0], in: table, field: "inputs")
    let rows = Array(cells.indices)
    var written = [Double](repeating: -1, count: rows.count * (fitted.width + 1))
    var span = written.mutableSpan
    encoder.write(rows.span, to: &span, offset: 1, stride: fitted.width + 1)
    let values = rows.map { encoder.values(ofRow: $0) }
    for (row, own) in values.enumerated() {
      #expect(written[row * (fitted.width + 1)] == -1)
      #expect(Array(written[row * (fitted.width + 1) + 1..<(row + 1) * (fitted.width + 1)]) == own)
    }
    #expect(fitted.names.count == fitted.width)
    return (fitted.names, values)
  }

  @Test func numbersStayAsTheyAre() throws {
    let found = try values(["1", "0.1", "-2e3"], "type: number")
    #expect(found.names == ["a"])
    #expect(found.values == [[1], [0.1], [-2000]])
  }

  @Test func gapsOfNumbersAreFilledFromTrainingRows() throws {
    let cells = ["1", "NA", "3", "100", "1", "1000"]
    let training = [true, true, true, true, true, false]
    #expect(try values(cells, "missing: median", training: training).values[1] == [2])
    #expect(try values(cells, "missing: mean", training: training).values[1] == [26.25])
    #expect(try values(cells, "missing: most_frequent", training: training).values[1] == [1])
    #expect(try values(cells, "missing: constant, fill: -7", training: training).values[1] == [-7])
    let own = try values(cells, "missing: own", training: training)
    #expect(own.names == ["a", "a is missing"])
    #expect(own.values[1] == [26.25, 1] && own.values[0] == [1, 0])
    let indicator = try values(cells, "missing: median, indicator: true", training: training)
    #expect(indicator.values[1] == [2, 1] && indicator.values[5] == [1000, 0])
  }

  @Test func categoriesAreSortedAndOneHot() throws {
    let found = try values(["b", "a", "é", "b"], "type: category")
    #expect(found.names == ["a=a", "a=b", "a=é"])
    #expect(found.values == [[0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]])
    #expect(try values(["10", "9", "9.0"], "type: category").names == ["a=9", "a=10"])
    #expect(
      try values(["b", "a", "c"], "type: category, encoding: index").values == [[1], [0], [2]])
    let stated = try values(["b", "a"], "type: category, encoding: index, categories: [c, b, a]")
    #expect(stated.values == [[1], [2]])
  }

  @Test func unknownCategoriesNeedOther() throws {
    let cells = ["x", "y", "z", "x"]
    let training = [true, true, false, true]
    let found = try values(cells, "type: category, other: true", training: training)
    #expect(found.names == ["a=x", "a=y", "a is other"])
    #expect(found.values[2] == [0, 0, 1])
    let stated = try encoding("{column: a, type: category}")
    let table = try table(cells, stated)
    let fitted = try stated.fitted(to: table.columns[0], rows: training, path: "t.csv")
    #expect {
      try ColumnEncoder(fitted, of: table.columns[0], in: table)
    } throws: {
      ($0 as? DataFailure)?.message == """
        t.csv: row 4, column 'a': expected a category of the training part ('x', 'y'), received \
        'z'; 'other: true' accepts it
        """
    }
    // A row that is not used may have any category.
    #expect(
      try ColumnEncoder(fitted, of: table.columns[0], in: table, rows: training)
        .values(ofRow: 3) == [1, 0])
  }

  @Test func gapsOfCategories() throws {
    let cells = ["x", "", "y", "y"]
    let own = try values(cells, "type: category, missing: own")
    #expect(own.names == ["a=x", "a=y", "a is missing"])
    #expect(own.values[1] == [0, 0, 1])
    #expect(
      try values(cells, "type: category, missing: own, other: true, encoding: index").values
        == [[0], [3], [1], [1]])
    #expect(try values(cells, "type: category, missing: most_frequent").values[1] == [0, 1])
    #expect(
      try values(cells, "type: category, missing: constant, fill: x").values[1] == [1, 0])
    #expect(
      try values(cells, "type: category, missing: most_frequent, indicator: true").values[1]
        == [0, 1, 1])
  }

  @Test func rowsWithGapsCanBeLeftOut() throws {
    let stated = try encoding("{column: a, missing: row}")
    let table = try table(["1", "NA", "3", ""], stated)
    var rows = [true, true, false, true]
    stated.dropMissingRows(of: table.columns[0], from: &rows)
    #expect(rows == [true, false, false, false])
    #expect(try stated.fitted(to: table.columns[0], rows: rows, path: "t.csv") == stated)
    rows = [true, true, true, true]
    try encoding("{column: a, missing: mean}").dropMissingRows(of: table.columns[0], from: &rows)
    #expect(rows == [true, true, true, true])
  }

  @Test func booleansAndOrdinals() throws {
    #expect(
      try values(["yes", "NO", "?"], "type: boolean, missing: own").values
        == [[1, 0], [0, 0], [0, 1]])
    #expect(
      try values(["yes", "no", "t", ""], "type: boolean, missing: most_frequent").values
        == [[1], [0], [1], [1]])
    let ordinal = "type: ordinal, order: [low, mid, high]"
    #expect(try values(["high", "low"], ordinal).values == [[2], [0]])
    #expect(
      try values(["high", "low", "", "mid", "low"], ordinal + ", missing: median").values[2] == [0])
  }

  @Test func datesHaveParts() throws {
    let found = try values(["1970-01-01", "2024-07-02", "?"], "type: date, missing: median")
    #expect(found.names == ["a.days", "a.year_sin", "a.year_cos", "a.week_sin", "a.week_cos"])
    #expect(found.values[0][0] == 0 && found.values[2] == found.values[0])
    #expect(found.values[0][1...2] == [0, 1])
    // 2024-07-02 is day 183 of 366, a Tuesday, and 19,906 days after 1970-01-01.
    #expect(found.values[1][0] == 19_906 / 365.2425)
    #expect(abs(found.values[1][1]) < 1e-15 && found.values[1][2] == -1)
    #expect(abs(found.values[1][3] - 0.781_831_482_468_029_8) < 1e-15)
    #expect(abs(found.values[1][4] - 0.623_489_801_858_733_5) < 1e-15)
    let times = try values(["1970-01-05T06:00"], "type: datetime")
    #expect(times.names.suffix(2) == ["a.day_sin", "a.day_cos"])
    #expect(abs(times.values[0][5] - 1) < 1e-15 && abs(times.values[0][6]) < 1e-15)
    #expect(times.values[0][0] == 4.25 / 365.2425)
  }

  @Test func fillIsWrittenAsADateAndTime() throws {
    let stated = try encoding("{column: a, type: datetime, missing: mean}")
    let table = try table(["1969-12-31T23:59:58", "1970-01-01T00:00:01", "NA"], stated)
    let fitted = try stated.fitted(to: table.columns[0], path: "t.csv")
    #expect(fitted.fill == FillValue("1969-12-31T23:59:59"))
    let day = try encoding("{column: a, type: date, missing: mean}")
    let days = try self.table(["2024-02-28", "2024-03-01", "NA"], day)
    #expect(try day.fitted(to: days.columns[0], path: "t.csv").fill == FillValue("2024-02-29"))
  }

  @Test func aColumnWithoutValuesIsRefused() throws {
    let stated = try encoding("{column: a, missing: mean}")
    let table = try table(["NA", "1"], stated)
    #expect {
      try stated.fitted(to: table.columns[0], rows: [true, false], path: "t.csv")
    } throws: {
      ($0 as? DataFailure)?.message == """
        t.csv: column 'a': expected a value in the training part, received only missing values; \
        leave the column out
        """
    }
  }

  @Test(arguments: [
    (
      "type: numbre",
      """
      1:19: error: type: expected one of number, category, boolean, date, datetime, ordinal, \
      received 'numbre'; did you mean 'number'?
      """
    ),
    ("typ: number", "1:13: error: column: unknown field 'typ'; did you mean 'type'?"),
    (
      "type: ordinal",
      """
      1:1: error: column: 'order' is missing: expected the values of the ordinal column, from the \
      lowest to the highest
      """
    ),
    (
      "type: category, missing: mean",
      """
      1:1: error: column: missing: expected one of most_frequent, own, constant, row for the type \
      category, received 'mean'
      """
    ),
    (
      "missing: constant",
      "1:1: error: column: 'fill' is missing: expected the value for missing values"
    ),
    (
      "missing: constant, fill: x",
      """
      1:1: error: column: fill: expected a value of the type number, received 'x'
      """
    ),
    ("fill: 3", "1:19: error: fill: expected none, since 'missing' is not stated"),
    ("order: [a, b]", "1:20: error: order: expected none, since the type is number"),
    (
      "decimal: ., thousands: .",
      """
      1:1: error: column: expected different marks in 'decimal' and 'thousands', received '.' twice
      """
    ),
    (
      "type: date, format: '%Y'",
      """
      1:33: error: format: expected a date format with a year, a month and a day, such as \
      '%d.%m.%Y' (letters %Y %y %m %d %j %b %B %H %I %p %M %S %f %z), received '%Y'
      """
    ),
    (
      "type: ordinal, order: [a, a]",
      """
      1:35: error: order: expected a list of at least two different values, received [a, a]
      """
    ),
  ])
  func mistakesAreLocated(text: String, message: String) throws {
    #expect(try refusal("{column: a, \(text)}") == "model.yaml:" + message)
  }
}
