import Oracles
import Testing

/// Tests common mistakes in a first model file, with the whole output.
@Suite struct NewcomerTests {
  /// A valid model of a small table.
  private static let model = """
    name: first
    data:
      train: {source: csv, file: flowers.csv, target: kind, batch_size: 2}
    network:
      - {name: ip1, type: Linear, num_output: 4}
      - {name: relu1, type: ReLU}
      - {name: ip2, type: Linear, num_output: 2}
      - {name: loss, type: SoftmaxWithLoss}
    solver:
      base_lr: 0.1
      max_epochs: 2

    """

  /// Returns the messages about the model with a part replaced. Checks that dlrun writes no files.
  private func refusal(_ text: String, _ replacement: String) throws -> String {
    let folder = try TemporaryFolder()
    try #require(NewcomerTests.model.contains(text))
    try folder.write(
      NewcomerTests.model.replacing(text, with: replacement), to: "first.yaml")
    try folder.write("length,width,kind\n1,2,rose\n3,4,lily\n5,6,rose\n", to: "flowers.csv")
    let result = try Program.run(["first.yaml"], in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output.isEmpty)
    #expect(folder.contents == ["first.yaml", "flowers.csv"])
    return result.errors
  }

  @Test func trainsTheValidModel() throws {
    let folder = try TemporaryFolder()
    try folder.write(NewcomerTests.model, to: "first.yaml")
    try folder.write("length,width,kind\n1,2,rose\n3,4,lily\n5,6,rose\n", to: "flowers.csv")
    let result = try Program.run(["first.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
  }

  @Test func misspellsAField() throws {
    #expect(
      try refusal("num_output: 4", "num_ouput: 4") == """
        first.yaml:5:5: error: layer 'ip1': 'num_output' is missing: expected an integer from 1 to \
        2147483647
            5 |   - {name: ip1, type: Linear, num_ouput: 4}
              |     ^
        first.yaml:5:31: error: layer 'ip1': unknown field 'num_ouput'; did you mean 'num_output'?
            5 |   - {name: ip1, type: Linear, num_ouput: 4}
              |                               ^

        """)
  }

  @Test func writesATextForANumber() throws {
    #expect(
      try refusal("base_lr: 0.1", "base_lr: fast") == """
        first.yaml:10:12: error: base_lr: expected a number from 0 to 1000000, received 'fast'
           10 |   base_lr: fast
              |            ^

        """)
  }

  @Test func forgetsTheLoss() throws {
    #expect(
      try refusal("  - {name: loss, type: SoftmaxWithLoss}\n", "") == """
        first.yaml:5:5: error: network: no loss in the train phase: expected a layer such as \
        SoftmaxWithLoss or EuclideanLoss, or a loss_weight
            5 |   - {name: ip1, type: Linear, num_output: 4}
              |     ^

        """)
  }

  @Test func namesAMissingColumn() throws {
    #expect(
      try refusal("target: kind", "target: kinds") == """
        first.yaml:3:51: error: flowers.csv: row 1: expected a column 'kinds', received 'length', \
        'width', 'kind'; did you mean 'kind'?
            3 |   train: {source: csv, file: flowers.csv, target: kinds, batch_size: 2}
              |                                                   ^

        """)
  }

  /// The message points at the part with the mistake.
  @Test func testsWithOtherColumns() throws {
    #expect(
      try refusal(
        "batch_size: 2}\n",
        "batch_size: 2}\n  test: {source: csv, file: flowers.csv, target: kind, inputs: length}\n"
      ) == """
        first.yaml:4:9: error: test data: shape: expected 2 as in training, received 1
            4 |   test: {source: csv, file: flowers.csv, target: kind, inputs: lengt…
              |         ^

        """)
  }

  @Test func indentsWithATab() throws {
    #expect(
      try refusal("  base_lr", "\tbase_lr") == """
        first.yaml:10:1: error: a tab cannot indent; use spaces
           10 | \\tbase_lr: 0.1
              | ^

        """)
  }

  /// All mistakes are reported at once, in the order of the file.
  @Test func makesSeveralMistakesAtOnce() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      nam: first
      data:
        train: {source: spirale, batch_size: 0}
      network:
        - {name: ip1, type: Linear, num_output: 1.5}
        - {name: relu1, type: Relu}
      solver:
        base_lr: .nan
        momentum: 1
      """, to: "first.yaml")
    let result = try Program.run(["first.yaml"], in: folder)
    #expect(result.exitCode == 1)
    let places = result.errors.split(separator: "\n").filter { $0.contains(": error: ") }
    #expect(
      places.map { String($0.prefix { $0 != " " }) } == [
        "first.yaml:1:1:", "first.yaml:3:19:", "first.yaml:3:40:", "first.yaml:5:43:",
        "first.yaml:6:25:", "first.yaml:8:3:", "first.yaml:8:12:", "first.yaml:9:13:",
      ])
  }
}
