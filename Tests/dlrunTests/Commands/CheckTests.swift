import Oracles
import Testing

@Suite struct CheckTests {
  @Test func acceptsTheShippedModels() throws {
    let folder = try TemporaryFolder()
    let models = [
      ("spiral", "data 2, label: 3 classes"), ("iris", "data 4, label: classes"),
      ("digits", "data 64, label: 10 classes"), ("diabetes", "data 10, label 1"),
    ]
    let result = try Program.run(["check"] + models.map { Program.model($0.0) }, in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    #expect(result.output == models.map { "\(Program.model($0)): fine (\($1))\n" }.joined())
    #expect(folder.contents.isEmpty)
  }

  /// The mistakes of all files are sorted by position. The exit code is the greatest of all files.
  @Test func reportsAllMistakesOfAllFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      solver: {base_lr: 0.1, momentum: 1.5}
      data: {train: {source: moons, noise: -1, bach_size: 4}}
      network:
        - {name: ip1, type: Linear}
        - {name: loss, type: SoftmaxWithLoss, loss_weigth: 2}
      """, to: "bad.yaml")
    try folder.write(
      """
      data: {train: {source: moons}}
      network:
        - {name: ip1, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 2}
      """, to: "good.yaml")
    let result = try Program.run(["check", "bad.yaml", "good.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output == "good.yaml: fine (data 2, label: 2 classes)\n")
    #expect(
      result.errors == """
        bad.yaml:1:9: error: solver: expected either max_iter or max_epochs, received neither
            1 | solver: {base_lr: 0.1, momentum: 1.5}
              |         ^
        bad.yaml:1:34: error: momentum: expected a number from 0 to below 1, received '1.5'
            1 | solver: {base_lr: 0.1, momentum: 1.5}
              |                                  ^
        bad.yaml:2:38: error: noise: expected a number from 0 to 1000, received '-1'
            2 | data: {train: {source: moons, noise: -1, bach_size: 4}}
              |                                      ^
        bad.yaml:2:42: error: train data: unknown field 'bach_size'; did you mean 'batch_size'?
            2 | data: {train: {source: moons, noise: -1, bach_size: 4}}
              |                                          ^
        bad.yaml:4:5: error: layer 'ip1': 'num_output' is missing: expected an integer from 1 to \
        2147483647
            4 |   - {name: ip1, type: Linear}
              |     ^
        bad.yaml:5:41: error: layer 'loss': unknown field 'loss_weigth'; did you mean 'loss_weight'?
            5 |   - {name: loss, type: SoftmaxWithLoss, loss_weigth: 2}
              |                                         ^

        """)
    let worse = try Program.run(["check", "bad.yaml", "missing.yaml", "good.yaml"], in: folder)
    #expect(worse.exitCode == 4)
    #expect(worse.output == "good.yaml: fine (data 2, label: 2 classes)\n")
    #expect(
      worse.errors == result.errors + """
        error: cannot read 'missing.yaml': No such file or directory

        """)
  }

  /// A message about shapes names the layer, and the layers that produce its inputs.
  @Test func namesTheLayersThatProduceAShape() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: spiral, batch_size: 20}}
      network:
        - {name: ip1, type: Linear, num_output: 8}
        - {name: relu1, type: ReLU}
        - {name: ip2, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 2}
      """, to: "narrow.yaml")
    let result = try Program.run(["check", "narrow.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        narrow.yaml:6:5: error: layer 'loss' (SoftmaxWithLoss): 2 scores for 3 classes; received \
        data 20x2 → ip1 20x8 → relu1 20x8 → ip2 20x2
            6 |   - {name: loss, type: SoftmaxWithLoss}
              |     ^

        """)
  }

  /// dlrun does not open a source if the model declares shape and classes.
  @Test func doesNotReadDeclaredData() throws {
    let folder = try TemporaryFolder()
    let model = """
      data: {train: {source: csv, file: absent.csv, target: kind DECLARED}}
      network:
        - {name: ip1, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 2}
      """
    try folder.write(
      model.replacing(" DECLARED", with: ", shape: [4], classes: 3"), to: "declared.yaml")
    try folder.write(model.replacing(" DECLARED", with: ""), to: "undeclared.yaml")
    let declared = try Program.run(["check", "declared.yaml"], in: folder)
    #expect(declared.exitCode == 0)
    #expect(declared.output == "declared.yaml: fine (data 4, label: 3 classes)\n")
    let undeclared = try Program.run(["check", "undeclared.yaml"], in: folder)
    #expect(undeclared.exitCode == 4)
    #expect(
      undeclared.errors == """
        undeclared.yaml:1:35: error: absent.csv: expected a readable file: No such file or directory
            1 | data: {train: {source: csv, file: absent.csv, target: kind}}
              |                                   ^

        """)
  }

  private static let mixed = """
    data:
      train: &train
        source: csv
        file: t.csv
        target: churned
        rows: [0, 8]
        inputs:
          - {column: "in*", decimal: ",", missing: median}
          - {column: city, type: category}
      test: {<<: *train, rows: [8, 12]}
    network:
      - {name: ip1, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss}
    solver: {base_lr: 0.5, max_epochs: 4}
    """

  @Test func listsExamplesClassesAndColumns() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<12).map { row in
      "\(row + 10);\(row == 3 ? "?" : "\(row),5");\(["Bern", "Chur"][row % 2]);"
        + (row % 3 == 0 ? "yes" : "no")
    }
    try folder.write("id;income;city;churned\n" + rows.joined(separator: "\n"), to: "t.csv")
    try folder.write(CheckTests.mixed, to: "m.yaml")
    let result = try Program.run(["check", "--data", "m.yaml"], in: folder)
    #expect(result.errors.isEmpty)
    #expect(
      result.output == """
        m.yaml: fine (data 3, label: classes)
        train: 8 examples (data 3, label: 2 classes); label: no 5, yes 3
        test: 4 examples (data 3, label: 2 classes); label: no 3, yes 1
        train and test table: t.csv: 12 rows, 4 columns
          column   use       missing  content
          id       not read        0  10 to 21
          income   number          1  0.5 to 11.5
          city     category        0  2 categories: Bern 6, Chur 6
          churned  target          0  2 categories: no 8, yes 4

        """)
    let spiral = try Program.run(["check", "--data", Program.model("spiral")], in: folder)
    #expect(
      spiral.output.hasSuffix(
        "\ntrain: 300 examples (data 2, label: 3 classes); label: 0 100, 1 100, 2 100\n"))
  }

  /// A bad cell points at the item of the model file that reads its column.
  @Test func aBadCellNamesTheItemThatReadsIt() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<12).map { "\($0 == 2 ? "x" : "\($0)");\($0 == 5 ? "" : "Bern");no" }
    try folder.write("income;city;churned\n" + rows.joined(separator: "\n"), to: "t.csv")
    try folder.write(CheckTests.mixed, to: "m.yaml")
    let result = try Program.run(["check", "--data", "m.yaml"], in: folder)
    #expect(result.exitCode == 1)
    let expected = [
      "m.yaml:8:9: error: t.csv: row 4, column 'income': expected a number, received 'x'; "
        + "'type: category' accepts it",
      "m.yaml:9:9: error: t.csv: row 7, column 'city': expected a category of at most 1000 bytes, "
        + "received an empty cell; 'missing: own' accepts missing values",
    ]
    let messages = result.errors.split(separator: "\n").filter { $0.contains("error: ") }
    #expect(messages.map(String.init) == expected)
  }
}
