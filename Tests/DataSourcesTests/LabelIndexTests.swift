import DataSources
import Tensors
import Testing

/// Which class a label stands for, seen through the table that has it.
@Suite struct LabelIndexTests {
  private func labels(
    _ labels: [String], task: CSV.Task? = nil, classes: ClassNames? = nil
  ) throws(DataFailure) -> (names: [String]?, targets: [Float]) {
    let rows = labels.map { "1,\($0)\n" }.joined()
    let data = try dataset("x,y\n" + rows, task: task, classes: classes)
    return (data.classes, data.targets.array)
  }

  @Test func textLabelsAreSortedAsText() throws {
    let (names, targets) = try labels(["b", "10a", "B", "é", "9a", "b"])
    #expect(names == ["10a", "9a", "B", "b", "é"])
    #expect(targets == [3, 0, 2, 4, 1, 3])
  }

  @Test func integersAreSortedByValue() throws {
    let (names, targets) = try labels(["10", "9", "-1", "10"], task: .classification)
    #expect(names == ["-1", "9", "10"])
    #expect(targets == [2, 1, 0, 2])
  }

  @Test func integersAndTextsAreSortedAsText() throws {
    let (names, targets) = try labels(["10", "9", "a"], task: .classification)
    #expect(names == ["10", "9", "a"])
    #expect(targets == [0, 1, 2])
  }

  @Test func spellingsOfAnIntegerAreOneLabel() throws {
    let (names, targets) = try labels(
      ["1.0", "1", "01", "2", "1.0", "0.2e1"], task: .classification)
    #expect(names == ["1", "2"])
    #expect(targets == [0, 0, 0, 1, 0, 1])
  }

  @Test func countedIntegersAreTheirOwnClasses() throws {
    let (names, targets) = try labels(["2", "0.0", "2"], classes: .count(4))
    #expect(names == ["0", "1", "2", "3"])
    #expect(targets == [2, 0, 2])
    for (wrong, row) in [("4", 3), ("-1", 3)] {
      #expect(
        failure { () throws(DataFailure) in
          try labels(["2", wrong], classes: .count(4))
        }
          == .content(
            "t.csv: row \(row), column 'y': expected a class from 0 to 3, received '\(wrong)'"))
    }
  }

  @Test func countedTextsAreAsManyAsDeclared() throws {
    let (names, targets) = try labels(["b", "a", "b"], classes: .count(2))
    #expect(names == ["a", "b"])
    #expect(targets == [1, 0, 1])
    #expect(
      failure { () throws(DataFailure) in try labels(["b", "a"], classes: .count(3)) }
        == .content("t.csv: column 'y': expected 3 classes, received 2 ('a', 'b')"))
  }

  /// The first label that is one too many; where most are integers, the first that is none.
  @Test(arguments: [
    (["b", "a", "b", "d", "c"], 5, "one of the 2 classes in the rows above ('b', 'a')", "d"),
    (["0", "1", "x", "2"], 4, "a class from 0 to 1", "x"),
  ])
  func countedTextsHaveNoOtherBesideThem(
    labels: [String], row: Int, expected: String, received: String
  ) {
    #expect(
      failure { () throws(DataFailure) in try self.labels(labels, classes: .count(2)) }
        == .content("t.csv: row \(row), column 'y': expected \(expected), received '\(received)'"))
  }

  @Test func declaredNamesAreTheOrder() throws {
    let (names, targets) = try labels(["a", "c"], classes: .names(["c", "b", "a"]))
    #expect(names == ["c", "b", "a"])
    #expect(targets == [2, 0])
    #expect(
      failure { () throws(DataFailure) in
        try labels(["a", "d", "d"], classes: .names(["c", "b", "a"]))
      }
        == .content(
          "t.csv: row 3, column 'y': expected a class ('c', 'b', 'a'), received 'd'"))
  }

  @Test func declaredNamesMayBeNumbers() throws {
    #expect(try labels(["1", "2.0"], classes: .names(["2", "1"])).targets == [1, 0])
    #expect(try labels(["1", "2"], classes: .names(["2.0", "1.0"])).targets == [1, 0])
  }

  @Test func oneClassIsTooFew() {
    #expect(
      failure { () throws(DataFailure) in try labels(["a", "a"]) }
        == .content("t.csv: column 'y': expected at least 2 classes, received 1 ('a')"))
  }

  @Test func labelsHaveALength() throws {
    let longest = String(repeating: "n", count: 1000)
    #expect(try labels([longest, "a"]).names == ["a", longest])
    #expect(
      failure { () throws(DataFailure) in try labels(["a", ""]) }
        == .content(
          "t.csv: row 3, column 'y': expected a class of at most 1000 bytes, "
            + "received an empty cell"))
    #expect(
      failure { () throws(DataFailure) in try labels(["a", longest + "n"]) }
        == .content(
          "t.csv: row 3, column 'y': expected a class of at most 1000 bytes, "
            + "received '\(String(repeating: "n", count: 500))…'"))
  }

  @Test func classesHaveANumber() throws {
    let most = (0..<1_000_000).map { "c\($0)" }
    #expect(try labels(most).names?.count == 1_000_000)
    #expect(
      failure { () throws(DataFailure) in try labels(most + ["one more"]) }
        == .content(
          "t.csv: row 1000002, column 'y': expected at most 1000000 classes, received more"))
  }

  /// Texts that are equal in Unicode's sense are one label; many marks on one letter take no time.
  @Test func equivalentTextsAreOneLabel() throws {
    #expect(try labels(["e\u{301}", "\u{E9}", "f"]).targets == [0, 0, 1])
    let marks = String(repeating: "\u{301}\u{323}", count: 249)
    let many = (0..<2000).map { "\($0)\(marks)" }
    #expect(try labels(many).names?.count == 2000)
  }
}
