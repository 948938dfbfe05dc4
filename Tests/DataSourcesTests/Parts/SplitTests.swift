import DataFiles
import DataSources
import Testing
import YAML

@Suite struct SplitTests {
  private func rows(_ split: Split, in count: Int, seed: Int = 1) throws -> [Int] {
    try split.rows(in: count, seed: seed, of: .train) ?? Array(0..<count)
  }

  private func fraction(_ from: Double, _ to: Double) throws -> Split {
    .fraction(try #require(FractionRange(from: from, to: to)))
  }

  @Test(arguments: [1, 2, 3, 7, 10, 150, 151, 1797], [0.1, 0.5, 0.8, 2.0 / 3, 0.999, 1e-9])
  func fractionsShareNoRowAndCoverAll(count: Int, border: Double) throws {
    // A small part may have no row.
    let first = try? rows(fraction(0, border), in: count)
    let second = try? rows(fraction(border, 1), in: count)
    let all = (first ?? []) + (second ?? [])
    #expect(all.sorted() == Array(0..<count))
    #expect((first ?? []).count == Int((border * Double(count)).rounded()))
  }

  @Test func manyFractionsCoverAll() throws {
    let borders = [0, 0.1, 0.25, 0.3, 0.55, 0.7, 0.85, 1]
    let parts = try zip(borders, borders.dropFirst()).map { try rows(fraction($0, $1), in: 1797) }
    #expect(parts.joined().sorted() == Array(0..<1797))
  }

  @Test func seedDecidesTheOrder() throws {
    let first = try rows(fraction(0, 0.5), in: 100, seed: 1)
    #expect(try rows(fraction(0, 0.5), in: 100, seed: 1) == first)
    #expect(try rows(fraction(0, 0.5), in: 100, seed: 2) != first)
    #expect(first != first.sorted())
    #expect(try rows(fraction(0, 1), in: 100, seed: 1).prefix(50) == first[...])
  }

  @Test func rowsAreTakenByPlace() throws {
    #expect(try rows(.all, in: 3) == [0, 1, 2])
    #expect(try rows(.rows(RowRange(2..<5)), in: 5) == [2, 3, 4])
    #expect(
      failure { () throws(DataFailure) in
        try Split.rows(RowRange(2..<6)).rows(in: 5, seed: 1, of: .test)
      }
        == .field(
          "rows", message: "test data: rows: expected at most 5, received [2, 6]", of: .test))
  }

  @Test func partWithoutRowsIsRefused() throws {
    let tiny = try fraction(0, 0.001)
    #expect(
      failure { () throws(DataFailure) in try tiny.rows(in: 150, seed: 1, of: .train) }
        == .field(
          "fraction",
          message:
            "train data: fraction: expected at least one row, received none of 150 in [0.0, 0.001]",
          of: .train))
    #expect(try rows(tiny, in: 500).count == 1)
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
    ("fraction: 0.8", 0.0, 0.8), ("fraction: 1", 0, 1), ("fraction: [0.8, 1]", 0.8, 1),
    ("fraction: [0, 1e-9]", 0, 1e-9),
  ])
  func fractionsAreRead(text: String, from: Double, to: Double) throws {
    let part = try declaration("{source: csv, file: t.csv, target: y, \(text)}")
    #expect(part.split == (try fraction(from, to)))
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

  @Test(arguments: [
    ("0", "'0'"), ("1.5", "'1.5'"), ("-0.5", "'-0.5'"), ("[0.5, 0.5]", "[0.5, 0.5]"),
    ("[0.8, 0.2]", "[0.8, 0.2]"), ("[0, 1.001]", "[0, 1.001]"), ("[0.5]", "[0.5]"),
    (".nan", "'.nan'"), ("[]", "an empty list"), ("half", "'half'"),
  ])
  func otherFractionsAreRefused(value: String, received: String) throws {
    #expect(
      try firstLine("{source: xor, fraction: \(value)}")
        == "model.yaml:1:25: error: fraction: expected a number above 0 up to 1, "
        + "or [from, to] with 0 <= from < to <= 1, received \(received)")
  }

  @Test func wrongItemIsReportedOnceAtItsPlace() throws {
    #expect(
      try refusal("{source: xor, fraction: [0, .nan]}") == """
        model.yaml:1:29: error: fraction: expected a number above 0 up to 1, or [from, to] with \
        0 <= from < to <= 1, received '.nan'
            1 | {source: xor, fraction: [0, .nan]}
              |                             ^
        """)
  }
}
