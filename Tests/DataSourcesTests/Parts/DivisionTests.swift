import DataFiles
import DataSources
import Fields
import Testing
import YAML

/// Tests the rows that `split` and `fold` assign to the parts.
@Suite struct DivisionTests {
  /// Returns the division that `text` states: `split: {fraction: 0.8}`.
  private func division(_ text: String) throws -> Division {
    var diagnostics = Diagnostics()
    let section = try node("{\(text)}")
    let header = section.decode(DataHeader.self, of: "data", &diagnostics)
    return try #require(header?.division, "\(diagnostics.rendered)")
  }

  private func rows(
    _ text: String, _ phase: DataPhase, _ rows: DividedRows
  ) throws -> [Int] {
    try Split.divided(division(text)).rows(rows, of: phase) ?? []
  }

  /// Returns both parts, after checking that they have each row once.
  private func parts(
    _ text: String, count: Int, classes: [Int]? = nil, groups: [Int]? = nil
  ) throws -> (train: [Int], test: [Int]) {
    let all = DividedRows(count: count, classes: classes, groups: groups)
    let (train, test) = (try rows(text, .train, all), try rows(text, .test, all))
    #expect((train + test).sorted() == Array(0..<count))
    return (train, test)
  }

  private func refusal(
    _ text: String, count: Int, classes: [Int]? = nil, groups: [Int]? = nil
  ) throws -> DataFailure? {
    let split = Split.divided(try division(text))
    return failure { () throws(DataFailure) in
      try split.rows(DividedRows(count: count, classes: classes, groups: groups), of: .test)
    }
  }

  @Test(arguments: [2, 3, 7, 10, 150, 151, 1797], [0.5, 0.8, 2.0 / 3])
  func splitTakesARoundedShare(count: Int, fraction: Double) throws {
    let text = "split: {fraction: \(fraction)}"
    let expected = Int((fraction * Double(count)).rounded())
    guard expected < count else {
      #expect(try refusal(text, count: count) != nil)
      return
    }
    #expect(try parts(text, count: count).train.count == expected)
  }

  @Test func seedDecidesTheOrder() throws {
    let first = try parts("split: {fraction: 0.5}", count: 100).train
    #expect(try parts("split: {fraction: 0.5, seed: 1}", count: 100).train == first)
    #expect(try parts("split: {fraction: 0.5, seed: 2}", count: 100).train != first)
    #expect(first != first.sorted())
    // A larger share begins with the same rows.
    #expect(try parts("split: {fraction: 0.9}", count: 100).train.prefix(50) == first[...])
  }

  @Test func orderOfTheSourceIsASplitByTime() throws {
    let (train, test) = try parts("split: {fraction: 0.7, shuffle: false}", count: 10)
    #expect(train == Array(0..<7) && test == [7, 8, 9])
    let folds = try (0..<3).map {
      try parts("fold: {count: 3, index: \($0), shuffle: false}", count: 10).test
    }
    #expect(folds == [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9]])
  }

  @Test(
    arguments: [(2, 2), (3, 2), (10, 3), (150, 5), (151, 5), (7, 7)],
    ["", ", shuffle: false", ", stratify: true", ", stratify: true, shuffle: false"])
  func foldsHaveEachRowOnce(size: (count: Int, folds: Int), more: String) throws {
    let classes = (0..<size.count).map { $0 % 3 == 2 ? 5 : 1 }
    guard !more.contains("stratify") || classes.filter({ $0 == 5 }).count != 1 else { return }
    let tests = try (0..<size.folds).map { index in
      try parts(
        "fold: {count: \(size.folds), index: \(index)\(more)}", count: size.count,
        classes: classes
      ).test
    }
    #expect(tests.joined().sorted() == Array(0..<size.count))
    let counts = tests.map(\.count)
    #expect(try #require(counts.max()) - #require(counts.min()) <= 1)
    guard more.contains("stratify") else { return }
    for label in [1, 5] {
      let counts = tests.map { $0.count { classes[$0] == label } }
      #expect(try #require(counts.max()) - #require(counts.min()) <= 1)
    }
  }

  /// The shares of 10, 20 and 5 rows are 7.14, 14.29 and 3.57 of 25 rows. The missing row goes to
  /// the greatest remainder.
  @Test func stratifiedSplitKeepsTheShares() throws {
    let classes = (0..<35).map { $0 < 10 ? 4 : $0 < 30 ? 0 : 9 }
    let text = "split: {fraction: 0.7, stratify: true}"
    let (train, test) = try parts(text, count: 35, classes: classes)
    func counts(_ rows: [Int]) -> [Int] {
      [4, 0, 9].map { label in rows.count { classes[$0] == label } }
    }
    #expect(counts(train) == [7, 14, 4] && counts(test) == [3, 6, 1])
    #expect(train != train.sorted())
    let ordered = try parts(
      "split: {fraction: 0.7, stratify: true, shuffle: false}", count: 35, classes: classes)
    #expect(ordered.train == Array(0..<7) + Array(10..<24) + Array(30..<34))
  }

  /// Every class has a row in both parts, also where its share is less than one row.
  @Test(arguments: [0.02, 0.1, 0.3, 0.9, 0.99])
  func rareClassesAreInBothParts(fraction: Double) throws {
    let classes = (0..<100).map { $0 < 80 ? 0 : 1 + ($0 - 80) / 2 }
    let (train, test) = try parts(
      "split: {fraction: \(fraction), stratify: true}", count: 100, classes: classes)
    for part in [train, test] { #expect(Set(part.map { classes[$0] }).count == 11) }
    let wanted = Int((fraction * 100).rounded())
    #expect(train.count == max(11, min(wanted, 89)))
  }

  @Test(arguments: [
    "split: {fraction: 0.7, group: g}", "split: {fraction: 0.7, group: g, shuffle: false}",
    "split: {fraction: 0.7, group: g, stratify: true}",
    "split: {fraction: 0.8, group: g, stratify: true, shuffle: false}",
    "fold: {count: 4, group: g}", "fold: {count: 4, index: 3, group: g, stratify: true}",
    "fold: {count: 9, index: 8, group: g, shuffle: false}",
  ])
  func groupsStayTogether(text: String) throws {
    // Nine groups of 2 to 10 rows.
    let groups = (2...10).flatMap { Array(repeating: 100 - $0, count: $0) }
    let classes = groups.indices.map { $0 % 2 }
    let (train, test) = try parts(text, count: groups.count, classes: classes, groups: groups)
    #expect(!train.isEmpty && !test.isEmpty)
    #expect(Set(train.map { groups[$0] }).isDisjoint(with: test.map { groups[$0] }))
    let share = Double(test.count) / Double(groups.count)
    let wanted =
      text.contains("0.8")
      ? 0.2 : text.contains("split") ? 0.3 : text.contains("9,") ? 1 / 9.0 : 0.25
    #expect(abs(share - wanted) < 0.13, "\(share)")
  }

  /// From the largest to the smallest: 10 + 5 + 4, 9 + 6 + 3 and 8 + 7 + 2 rows.
  @Test func groupedFoldsAreBalanced() throws {
    let groups = (2...10).flatMap { Array(repeating: $0, count: $0) }
    let tests = try (0..<3).map { index in
      try parts(
        "fold: {count: 3, index: \(index), group: g}", count: groups.count, groups: groups
      ).test
    }
    #expect(tests.joined().sorted() == Array(groups.indices))
    #expect(tests.map(\.count) == [19, 18, 17])
  }

  @Test(arguments: [
    (
      "split: {fraction: 0.1}", 3, "fraction",
      "a row for each part, received 3 rows, 0 for training"
    ),
    (
      "split: {fraction: 0.9}", 1, "fraction", "a row for each part, received 1 row, 1 for training"
    ),
    ("fold: {count: 5}", 4, "count", "at most 4, the number of rows, received 5"),
    (
      "split: {fraction: 0.5, stratify: true}", 4, "stratify",
      "false, since the target is not one class for each example"
    ),
  ])
  func tooFewRowsAreRefused(text: String, count: Int, field: String, message: String) throws {
    let name = String(text.prefix { $0 != ":" })
    #expect(
      try refusal(text, count: count)
        == .field(
          "\(name).\(field)", message: "\(name): \(field): expected \(message)", of: .train))
  }

  @Test func tooFewGroupsAreRefused() throws {
    #expect(
      try refusal("split: {fraction: 0.9, group: g}", count: 4, groups: [1, 1, 1, 1])
        == .field(
          "split.group",
          message: "split: group: expected a group for each part, received 1 group", of: .train))
    #expect(
      try refusal("fold: {count: 3, group: g}", count: 4, groups: [1, 1, 2, 2])
        == .field(
          "fold.count",
          message: "fold: count: expected at most 2, the number of groups, received 3", of: .train))
  }

  @Test func aClassWithASingleRowIsRefused() throws {
    for name in ["split: {fraction: 0.5", "fold: {count: 2"] {
      let field = name.prefix { $0 != ":" }
      #expect(
        try refusal("\(name), stratify: true}", count: 5, classes: [0, 0, 7, 3, 3])
          == .field(
            "\(field).stratify",
            message:
              "\(field): stratify: expected at least 2 rows of each class, received 1 of class '7'",
            of: .train))
    }
  }
}
