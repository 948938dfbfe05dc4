import DataFiles
import DataSources
import Testing
import YAML

@Suite struct SplitTests {
  @Test func rowsAreTakenByPlace() throws {
    let five = DividedRows(count: 5)
    #expect(try Split.all.rows(five, of: .train) == nil)
    #expect(try Split.rows(RowRange(2..<5)).rows(five, of: .train) == [2, 3, 4])
    #expect(
      failure { () throws(DataFailure) in try Split.rows(RowRange(2..<6)).rows(five, of: .test) }
        == .field(
          "rows", message: "test data: rows: expected at most 5, received [2, 6]", of: .test))
  }

  @Test(arguments: [
    ("rows: 5", 0, 5), ("rows: [0, 5]", 0, 5), ("rows: [4, 5]", 4, 5),
    ("rows: [0, 9223372036854775807]", 0, Int.max),
  ])
  func rowRangesAreRead(text: String, from: Int, to: Int) throws {
    let part = try declaration("{source: csv, file: t.csv, target: y, \(text)}")
    #expect(part.split == .rows(RowRange(from..<to)))
    #expect(part.rows?.encoded.items?.map { $0.scalar?.text } == ["\(from)", "\(to)"])
  }

  @Test(arguments: [
    ("0", "'0'"), ("-1", "'-1'"), ("[5, 5]", "[5, 5]"), ("[5, 4]", "[5, 4]"),
    ("[-1, 4]", "[-1, 4]"), ("[0]", "[0]"), ("[0, 1, 2]", "[0, 1, 2]"),
    ("[0, 1, 2, 3, 4, 5, 6, 7, 8]", "a list of 9"),
    ("[]", "an empty list"), ("0.5", "'0.5'"),
    ("all", "'all'"), ("{from: 0}", "a mapping"),
  ])
  func otherRowsAreRefused(value: String, received: String) throws {
    #expect(
      try firstLine("{source: xor, rows: \(value)}")
        == "model.yaml:1:21: error: rows: expected a number of rows of at least 1, "
        + "or [from, to] with 0 <= from < to, received \(received)")
  }

  @Test func aNumberOfRowsBeyond64BitsNamesTheBounds() throws {
    #expect(
      try firstLine("{source: xor, rows: 9223372036854775808}")
        == "model.yaml:1:21: error: rows: expected a number of rows from 1 to 9223372036854775807, "
        + "or [from, to] with 0 <= from < to <= 9223372036854775807, received '9223372036854775808'"
    )
  }
}
