import Oracles
import Testing

/// `dlrun init`, and the training of what it writes.
@Suite struct InitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a proposal, trains it, and returns a score of its best test.
  private func trained(
    _ table: String, _ target: String, _ metric: String
  ) throws -> Double {
    let made = try Program.run(
      ["init", table, "--target", target, "--output", "m.yaml", "--overwrite"], in: folder)
    try #require(made.exitCode == 0, "\(made.errors)")
    let result = try Program.run(["m.yaml", "--output", "run", "--overwrite"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
    let line = try #require(
      result.output.split(separator: "\n").first { $0.contains("best_test_\(metric) ") })
    return try #require(line.split(separator: " ").last.flatMap { Double($0) })
  }

  @Test(arguments: [
    ("iris", "label", "accuracy", 0.9), ("wine", "label", "accuracy", 0.94),
    ("breast_cancer", "label", "accuracy", 0.93), ("penguins", "species", "accuracy", 0.95),
    ("penguins", "island", "accuracy", 0.6), ("diabetes", "progression", "r2", 0.25),
    ("penguins", "year", "accuracy", 0.2),
  ])
  func theShippedTablesTrain(table: String, target: String, metric: String, least: Double) throws {
    let score = try trained("\(Program.package)/models/data/\(table).csv", target, metric)
    #expect(score >= least)
  }

  @Test func aEuropeanTableTrains() throws {
    let rows = (0..<120).map { row in
      "\(row);\(row % 17),\(row % 10);1.\(100 + row),00;\(10 + row % 18).04.2023;"
        + "\(["München", "Köln"][row % 2]);\(row % 17 > 8 ? "ja" : "nein")"
    }
    let text = "Nr;Größe;Preis;Tag;Ort;Ziel\r\n" + rows.joined(separator: "\r\n")
    try folder.write(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, to: "t.csv")
    #expect(try trained("t.csv", "Ziel", "accuracy") >= 0.9)
  }

  @Test func severalTargetsTrain() throws {
    let rows = (0..<200).map { row -> String in
      let x = Double(row * 37 % 100) / 50 - 1
      return "\(x),\(x > 0 ? 1 : 0),\(x > 0.5 ? 1 : 0),\(3 * x + 1),\(x * x)"
    }
    try folder.write("x,l1,l2,v1,v2\n" + rows.joined(separator: "\n"), to: "t.csv")
    #expect(try trained("t.csv", "l1,l2", "loss") < 0.3)
    #expect(try trained("t.csv", "v1,v2", "r2") > 0.8)
  }

  /// The default output is a file of the table's name in the current folder.
  @Test func anExistingFileIsReplacedOnlyOnRequest() throws {
    let table = "\(Program.package)/models/data/iris.csv"
    let first = try Program.run(["init", table, "--target", "label"], in: folder)
    #expect(
      first.output
        == "iris.yaml: 4 of 4 columns are inputs, classification of 'label' (3 classes)\n")
    let before = try folder.text("iris.yaml")
    let second = try Program.run(["init", table, "--target", "petal_width"], in: folder)
    #expect(second.exitCode == 1)
    #expect(
      second.errors
        == "error: --output 'iris.yaml' exists already: choose another name, or add --overwrite\n")
    #expect(try folder.text("iris.yaml") == before)
    let printed = try Program.run(
      ["init", table, "--target", "label", "--output", "-"], in: folder)
    #expect(printed.output.contains("\nname: iris\n"))
    #expect(
      printed.errors
        == "-: 4 of 4 columns are inputs, classification of 'label' (3 classes)\n")
  }

  @Test func aMissingTargetListsTheColumns() throws {
    let table = "\(Program.package)/models/data/iris.csv"
    let result = try Program.run(["init", table], in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == """
        error: \(table): --target is missing: expected the column that the model predicts; the \
        columns are
          sepal_length  number: 4.3 to 7.9
          sepal_width   number: 2 to 4.4
          petal_length  number: 1 to 6.9
          petal_width   number: 0.1 to 2.5
          label         category: 3 categories: setosa 50, versicolor 50, virginica 50
        for example: dlrun init \(table) --target label

        """)
    #expect(folder.contents.isEmpty)
  }

  @Test(arguments: [
    ("mkfifo t", "error: t: expected a regular file, received a pipe\n", 1),
    ("mkdir t", "error: t: expected at least 2 folders, one for each class, received 0\n", 1),
    (
      "printf '\\x89PNG\\r\\n\\x1a\\n' > t",
      "error: t: expected a table, received a PNG image; dlrun init also reads a folder with a "
        + "folder of images for each class\n", 1
    ),
    ("true", "error: t: expected a readable file: No such file or directory\n", 4),
    (
      "printf 'a,y\\n1,x\\n\\0' > t",
      "error: t: row 3, column 'a': expected text, received a NUL byte\n", 1
    ),
  ])
  func otherThingsAreRefused(preparation: String, message: String, code: Int32) throws {
    let target = preparation == "mkdir t" ? "" : "--target y"
    let result = try Program.shell("\(preparation); $dlrun init t \(target)", in: folder)
    #expect(result.errors == message)
    #expect(result.exitCode == code)
  }
}
