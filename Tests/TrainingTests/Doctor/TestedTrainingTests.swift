import ModelFiles
import Oracles
import RunOracles
import Runs
import Testing
import Training
import YAML

@Suite("Test data that were used for training") struct TestedTrainingTests {
  private static func model(train: String, test: String, more: String = "") -> String {
    """
    data:
    \(more)  train: \(train)
      test: \(test)
    solver: {base_lr: 0.01, max_epochs: 2}
    network:
      - {name: ip, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss}
    """
  }

  private static func csv(_ file: String, _ more: String = "") -> String {
    "{source: csv, file: \(file), target: label, batch_size: 4\(more)}"
  }

  /// Twenty examples. Only the last two are equal.
  private static let table =
    "a,b,label\n"
    + (0..<20).map {
      "\(min($0, 18)),\(min($0, 18) * 7 % 5),\($0 % 2 == 0 || $0 == 19 ? "x" : "y")\n"
    }
    .joined()

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let lines = TestedTrainingTests.table.split(separator: "\n").map(String.init)
    try folder.write(TestedTrainingTests.table, to: "t.csv")
    try folder.write(lines.joined(separator: "\n") + "\n", to: "copy.csv")
    try folder.write(lines.dropLast().joined(separator: "\n") + "\n", to: "distinct.csv")
    // Two of the four examples occur in the table, one of them with another label.
    let other = [lines[0], lines[3], "4,3,y", "50,3,x", "60,2,y"].joined(separator: "\n") + "\n"
    try folder.write(other, to: "other.csv")
    let table = "a,b,label\n" + (0..<5).map { _ in "0,0,x\n0,1,y\n1,0,y\n1,1,x\n" }.joined()
    try folder.write(table, to: "truth.csv")
    try folder.write(table, to: "truth2.csv")
    return folder
  }

  private func told(_ text: String) throws -> [String] {
    try warnings(of: text, in: try folder()).filter { $0.kind == .testedTraining }.map(\.text)
  }

  @Test("are reported at the test part's rows, with their count")
  func overlap() throws {
    let text = TestedTrainingTests.model(
      train: TestedTrainingTests.csv("t.csv", ", rows: [0, 11]"),
      test: TestedTrainingTests.csv("t.csv", ", rows: [10, 18]"))
    #expect(
      try told(text) == [
        """
        model.yaml:3:72: warning: test data: 1 of 8 examples is also in the training part, so that \
        tests do not measure generalization; give both parts rows that do not overlap, or state \
        one split
            3 | …urce: csv, file: t.csv, target: label, batch_size: 4, rows: [10, 18]}
              |                                                              ^
        """
      ])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let train: String
    let test: String
    /// Nil when there is no warning.
    let start: String?
    var testDescription: String { "\(train) / \(test)" }
  }

  @Test(
    "are found by the rows of one file, and by content",
    arguments: [
      Case(train: csv("t.csv"), test: csv("t.csv"), start: "all 20 examples are"),
      Case(
        train: csv("t.csv", ", rows: [0, 16]"), test: csv("t.csv", ", rows: [10, 20]"),
        start: "6 of 10 examples are"),
      Case(train: csv("t.csv"), test: csv("copy.csv"), start: "all 20 examples are"),
      Case(train: csv("t.csv"), test: csv("./t.csv"), start: "all 20 examples are"),
      Case(train: csv("t.csv"), test: csv("other.csv"), start: "1 of 4 examples is"),
      Case(
        train: "{source: spiral, class_count: 2, noise: 0, batch_size: 20}",
        test: "{source: spiral, class_count: 2, noise: 0, batch_size: 20}",
        start: "all 200 examples are"),
      Case(
        train: csv("t.csv", ", rows: [0, 10]"), test: csv("t.csv", ", rows: [10, 20]"), start: nil),
      Case(train: csv("truth.csv"), test: csv("truth2.csv"), start: nil),
      Case(
        train: csv("truth.csv", ", rows: [0, 12]"), test: csv("truth.csv", ", rows: [12, 20]"),
        start: nil),
      Case(
        train: "{source: spiral, class_count: 2, batch_size: 20}",
        test: "{source: spiral, class_count: 2, batch_size: 20}", start: nil),
    ])
  func cases(of one: Case) throws {
    let told = try told(TestedTrainingTests.model(train: one.train, test: one.test))
    #expect(told.count == (one.start == nil ? 0 : 1), "\(told)")
    if let start = one.start {
      #expect(
        told.first?.contains("warning: test data: \(start) also in the training part") == true,
        "\(told)")
    }
  }

  /// Another seed does not change the split and the test rows.
  @Test("depend on the split's own seed, which a run keeps")
  func splitSeed() throws {
    let text = TestedTrainingTests.model(
      train: TestedTrainingTests.csv("distinct.csv"), test: "{batch_size: 3}",
      more: "  split: {fraction: 0.6, seed: 3}\n")
    let folder = try folder()
    #expect(try warnings(of: text, in: folder).isEmpty)
    #expect(
      try folder.text("run/model.yaml").contains(
        "\n  split: {fraction: 0.6, seed: 3, shuffle: true, stratify: false}\n"))
    func test(_ overrides: [String]) throws -> (values: [Double], told: [String]) {
      var options = RunOptions.oneThread
      options.overrides = try overrides.map { try Override($0) }
      let (metrics, _, warnings) = try SavedRun(path: folder.file("run"), options: options).test()
      return (metrics.map(\.value), warnings.map(\.diagnostic.rendered))
    }
    let plain = try test([])
    #expect(plain.told.isEmpty)
    let seeded = try test(["seed=5"])
    #expect(seeded.values == plain.values)
    #expect(seeded.told.isEmpty)
    let moved = try test(["data.split.seed=5"])
    #expect(moved.values != plain.values)
    #expect(moved.told.count == 1)
    let told = try #require(moved.told.first)
    #expect(told.contains("run/model.yaml:") && told.contains(": warning: test data: "))
    #expect(told.contains(" examples are also in the training part"))
    #expect(told.contains("\n    5 |   split: {fraction"))
  }
}
