import DataFiles
import DataSources
import Oracles
import Tensors
import Testing

/// Tests the classes of labels through tables.
@Suite struct LabelIndexTests {
  private func labels(
    _ labels: [String], task: CSV.Task? = nil, classes: ClassNames? = nil
  ) throws(DataFailure) -> (names: [String]?, targets: [Float]) {
    let rows = labels.map { "1,\($0)\n" }.joined()
    let data = try dataset("x,y\n" + rows, task: task, classes: classes)
    return (data.classes, data.targetValues)
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
        badCells { () throws(DataFailure) in
          try labels(["2", wrong], classes: .count(4))
        }
          == "t.csv: row \(row), column 'y': expected a class from 0 to 3, received '\(wrong)'")
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

  /// Reports the first surplus label, or the first text among labels that are mostly integers.
  @Test(arguments: [
    (
      ["b", "a", "b", "d", "c"], 5,
      "one of the 2 classes in the rows above ('b', 'a')",
      "'d'; and 1 more cell of the column"
    ),
    (["0", "1", "x", "2"], 4, "a class from 0 to 1", "'x'"),
  ])
  func countedTextsHaveNoOtherBesideThem(
    labels: [String], row: Int, expected: String, received: String
  ) {
    #expect(
      badCells { () throws(DataFailure) in try self.labels(labels, classes: .count(2)) }
        == "t.csv: row \(row), column 'y': expected \(expected), received \(received)")
  }

  @Test func declaredNamesAreTheOrder() throws {
    let (names, targets) = try labels(["a", "c"], classes: .names(["c", "b", "a"]))
    #expect(names == ["c", "b", "a"])
    #expect(targets == [2, 0])
    #expect(
      badCells { () throws(DataFailure) in
        try labels(["a", "d", "d"], classes: .names(["c", "b", "a"]))
      } == "t.csv: row 3, column 'y': expected a class ('c', 'b', 'a'), received 'd'; "
        + "and 1 more cell of the column")
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
      badCells { () throws(DataFailure) in try labels(["a", "b", ""]) }
        == "t.csv: row 4, column 'y': expected a class of at most 1000 bytes, "
        + "received an empty cell")
    #expect(
      badCells { () throws(DataFailure) in try labels(["a", longest + "n"]) }
        == "t.csv: row 3, column 'y': expected a class of at most 1000 bytes, "
        + "received '\(String(repeating: "n", count: 500))…'")
  }

  @Test(.tags(.slow)) func classesHaveANumber() throws {
    let most = (0..<1_000_000).map { "c\($0)" }
    #expect(try labels(most).names?.count == 1_000_000)
    #expect(
      failure { () throws(DataFailure) in try labels(most + ["one more"]) }?.message
        == "t.csv: column 'y': expected at most 1000000 classes, received more")
  }

  /// Texts that are equal in Unicode are one label. Many marks on one letter stay fast.
  @Test(.tags(.slow)) func equivalentTextsAreOneLabel() throws {
    #expect(try labels(["e\u{301}", "\u{E9}", "f"]).targets == [0, 0, 1])
    let marks = String(repeating: "\u{301}\u{323}", count: 249)
    let many = (0..<2000).map { "\($0)\(marks)" }
    #expect(try labels(many).names?.count == 2000)
  }

  /// `0.1` and `0.10` are one number. Numbers with more digits than a double holds stay texts.
  @Test func spellingsOfADecimalAreOneLabel() throws {
    let (names, targets) = try labels(
      ["0.10", "0.1", "1e-1", "2.50", "2.5", ".1"], task: .classification)
    #expect(names == ["0.1", "2.5"])
    #expect(targets == [0, 0, 0, 1, 1, 0])
    let long = try labels(
      ["0.1000000000000000055", "0.1", "12345678901234567890", "12345678901234567891"],
      task: .classification)
    #expect(long.names?.count == 4)
    // A test part finds labels by the names of the training part, in every spelling.
    #expect(try labels(["0.1", "2.5"], classes: .names(["2.50", "0.10"])).targets == [1, 0])
    #expect(
      try refusal("{source: csv, file: t.csv, target: y, classes: [a, '0.10', '0.1']}")
        .contains(
          "classes: expected every class once, received '0.10' and '0.1', which are the same number"
        ))
  }

  @Test func classesMayCountFromOne() throws {
    func offset(_ labels: [String], _ count: Int, ignoring: Set<Int> = []) throws(DataFailure)
      -> Dataset
    {
      var source = CSV()
      source.target = ColumnNames(["y"])
      let rows = labels.map { "1,\($0)\n" }.joined()
      return try source.dataset(
        Array(("x,y\n" + rows).utf8),
        DataContext(
          directory: "", seed: 1, phase: .train, classes: .count(count),
          ignoring: ignoring, labelOffset: 1))
    }
    let data = try offset(["3", "1", "2"], 3)
    #expect(data.classes == ["1", "2", "3"] && data.targetValues == [2, 0, 1])
    // The ignored label matches with and without the offset.
    #expect(try offset(["0", "1", "255"], 2, ignoring: [-1, 255]).targetValues == [-1, 0, 255])
    #expect(
      badCells { () throws(DataFailure) in try offset(["0", "1"], 2) }
        == "t.csv: row 2, column 'y': expected a class from 1 to 2, received '0'")
    #expect(
      badCells { () throws(DataFailure) in try labels(["1", "3", "2"], classes: .count(3)) }
        == "t.csv: row 3, column 'y': expected a class from 0 to 2 (label_offset: 1 for classes "
        + "from 1), received '3'")
  }

  @Test(arguments: [
    (["cat", "cat ", "dog"], "'cat' (first in row 2) and 'cat ' (first in row 3)"),
    (["dog", "Cat", "cat"], "'Cat' (first in row 3) and 'cat' (first in row 4)"),
    (
      ["New York", "New  York", "x"], "'New York' (first in row 2) and 'New  York' (first in row 3)"
    ),
  ])
  func labelsThatLookAlikeAreReported(labels: [String], pair: String) throws {
    let rows = labels.map { "1,\($0)\n" }.joined()
    let data = try dataset("x,y\n" + rows)
    #expect(data.classes?.count == 3)
    #expect(
      data.remarks == [
        DataRemark(
          .similarLabels, fields: ["target"],
          "t.csv: column 'y': \(pair) are two classes that differ only in blanks or letter case; "
            + "use one spelling if they are one class")
      ])
    #expect(try dataset("x,y\n1,cat\n2,dog\n").remarks.isEmpty)
  }
}
