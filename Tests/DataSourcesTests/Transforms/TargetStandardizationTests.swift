import DataFiles
import DataSources
import Oracles
import Tensors
import Testing
import YAML

/// Tests `standardize_target`.
@Suite struct TargetStandardizationTests {
  private typealias Loaded = (train: Dataset, test: Dataset?, standardization: Standardization?)

  private func load(
    _ table: String, _ fields: String, _ source: StandardizationSource = .training
  ) throws -> Loaded {
    let folder = try TemporaryFolder()
    try folder.write(table, to: "t.csv")
    var diagnostics = Diagnostics()
    let parts = try #require(
      DataParts.decode(
        try node(
          "{train: {source: csv, file: t.csv, rows: 4, \(fields)}, "
            + "test: {source: csv, file: t.csv, rows: [4, 6], \(fields)}}"),
        &diagnostics), "\(diagnostics.rendered)")
    return try loadParts(
      train: parts.train, test: parts.test, directory: folder.path, seed: 1,
      standardizing: source)
  }

  private let table = "x,y,z\n1,1,0\n2,3,8\n3,1,8\n4,3,0\n5,10,4\n6,0,12\n"

  /// The first four rows have the means 2 and 4, and the deviations 1 and 4.
  @Test func trainingRowsStandardizeBothParts() throws {
    let (train, test, inputs) = try load(
      table, "target: [y, z], standardize_target: true")
    #expect(train.targetValues == [-1, -1, 1, 1, -1, 1, 1, -1])
    #expect(test?.targetValues == [8, 0, -2, 2])
    #expect(train.inputValues == [1, 2, 3, 4] && inputs == nil)
    let unit = Standardization(mean: [2, 4], deviation: [1, 4])
    #expect(train.targetStatistics == unit && test?.targetStatistics == unit)
    #expect(train.targetTop?.isStandardized == true)
    #expect(unit.original([-1, 1, 8, 0]) == [1, 8, 10, 4])
    // A test of a finished run uses the statistics of its training.
    let known = DataStatistics(targets: Standardization(mean: [1, 0], deviation: [2, 2]))
    let again = try load(table, "target: [y, z], standardize_target: true", .known(known))
    #expect(again.test?.targetValues == [4.5, 2, -0.5, 6])
  }

  @Test func bothStandardizationsAreIndependent() throws {
    let (train, test, inputs) = try load(
      table, "target: y, inputs: x, task: regression, standardize: true, standardize_target: true")
    #expect(inputs?.mean == [2.5])
    #expect(train.targetValues == [-1, 1, -1, 1])
    #expect(test?.targetValues == [8, -2])
    #expect(abs(train.inputValues.reduce(0, +)) < 1e-6)
  }

  /// Numbers that are equal in float32 keep their difference, and cause no remark.
  @Test func subtractsBeforeItRounds() throws {
    let rows = (0..<6).map { "\($0),\(1_700_000_000 + ($0 % 2))\n" }.joined()
    let (train, test, _) = try load(
      "x,y\n" + rows, "target: y, task: regression, standardize_target: true")
    #expect(train.targetValues == [-1, 1, -1, 1])
    #expect(test?.targetValues == [-1, 1])
    #expect(train.remarks.isEmpty)
  }

  @Test func constantTargetIsShiftedWithARemark() throws {
    let (train, test, _) = try load(
      "x,y\n1,7\n2,7\n3,7\n4,7\n5,9\n6,7\n",
      "target: y, task: regression, standardize_target: true")
    #expect(train.targetValues == [0, 0, 0, 0])
    #expect(test?.targetValues == [2, 0])
    #expect(
      train.remarks == [
        DataRemark(
          .constantTarget, fields: ["standardize_target", "target", "targets"],
          "target 'y' has one value, 7.0, in the training part: it is shifted to 0, and there is "
            + "nothing to learn")
      ])
    #expect(test?.remarks.isEmpty == true)
  }

  @Test func classesAreRefused() throws {
    for more in ["", ", shape: [1], classes: 2"] {
      let part = try declaration(
        "{source: csv, file: t.csv, target: y, standardize_target: true\(more)}")
      let folder = try TemporaryFolder()
      try folder.write("x,y\n1,a\n2,b\n", to: "t.csv")
      #expect(
        failure { () throws(DataFailure) in
          try part.signature(directory: folder.path, seed: 1, phase: .train)
        }
          == .field(
            "standardize_target",
            message: "train data: standardize_target: expected false, since no target has values",
            of: .train))
    }
  }

  @Test func testHasTheFieldOfTrain() throws {
    var diagnostics = Diagnostics()
    let text = "{train: {source: xor}, test: {source: xor, standardize_target: true}}"
    #expect(DataParts.decode(try node(text), &diagnostics) == nil)
    #expect(
      diagnostics.rendered.hasPrefix(
        "model.yaml:1:64: error: standardize_target: expected none as for the train data, "
          + "received true\n"))
  }

  @Test func rowsWithoutATargetAreLeftOut() throws {
    let rows = "x,y\n1,1\n2,NA\n3,3\n4,\n5,8\n6,9\n7,10\n8,11\n"
    let (train, test, _) = try load(rows, "target: y, task: regression, missing_target: row")
    #expect(train.inputValues == [1, 3, 5, 6] && train.targetValues == [1, 3, 8, 9])
    #expect(test?.targetValues == [10, 11])
    let classes = try load(
      "x,y\n1,a\n2,\n3,b\n4,NA\n5,a\n6,b\n7,b\n8,a\n", "target: y, missing_target: row")
    #expect(classes.train.classes == ["a", "b"])
    #expect(classes.train.targetValues == [0, 1, 0, 1] && classes.test?.inputValues == [7, 8])
  }
}
