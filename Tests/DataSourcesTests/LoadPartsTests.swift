import DataSources
import Tensors
import Testing
import YAML

/// What `loadParts` makes of the declared parts.
@Suite struct LoadPartsTests {
  private typealias Loaded = (train: Dataset, test: Dataset?, standardization: Standardization?)

  private func load(
    train: String, test: String? = nil, in directory: String = "", seed: Int = 1
  ) throws -> Loaded {
    try loadParts(
      train: declaration(train), test: test.map { try declaration($0, phase: .test) },
      directory: directory, seed: seed)
  }

  private func refusal(train: String, test: String, in directory: String) throws -> DataFailure? {
    do {
      _ = try load(train: train, test: test, in: directory)
      return nil
    } catch let failure as DataFailure {
      return failure
    }
  }

  /// A table of 100 rows whose input is the row's place.
  private func numbered() throws -> Folder {
    let folder = try Folder()
    let rows = (0..<100).map { "\($0),\(["a", "b", "c"][$0 % 3])\n" }.joined()
    try folder.write("x,y\n" + rows, to: "t.csv")
    return folder
  }

  private let start = "{source: csv, file: t.csv, target: y"

  @Test func fractionsPartTheTable() throws {
    let folder = try numbered()
    let (train, test, standardization) = try load(
      train: "\(start), fraction: [0, 0.8]}", test: "\(start), fraction: [0.8, 1]}",
      in: folder.path)
    let tested = try #require(test)
    #expect(train.count == 80 && tested.count == 20)
    #expect((train.inputs.array + tested.inputs.array).sorted() == (0..<100).map { Float($0) })
    // Inputs and labels stay together.
    for part in [train, tested] {
      for row in 0..<part.count {
        #expect(part.targets[row] == Float(Int(part.inputs[row]) % 3))
      }
    }
    #expect(standardization == nil)
    // Another seed draws other rows.
    let other = try load(train: "\(start), fraction: [0, 0.8]}", in: folder.path, seed: 2)
    #expect(other.train.inputs.array != train.inputs.array)
  }

  @Test func rowsPartTheTableInItsOrder() throws {
    let folder = try numbered()
    let (train, test, _) = try load(
      train: "\(start), rows: [0, 90]}", test: "\(start), rows: [90, 100]}", in: folder.path)
    #expect(train.inputs.array == (0..<90).map { Float($0) })
    #expect(test?.inputs.array == (90..<100).map { Float($0) })
    #expect(
      try refusal(train: "\(start)}", test: "\(start), rows: [90, 101]}", in: folder.path)
        == .content("test data: rows: expected at most 100, received [90, 101]"))
  }

  @Test func classesAreThoseOfTheWholeTrainingTable() throws {
    let folder = try numbered()
    // The first two rows have the classes a and b only.
    let (train, test, _) = try load(
      train: "\(start), rows: 2}", test: "\(start), rows: [2, 3]}", in: folder.path)
    #expect(train.classes == ["a", "b", "c"])
    #expect(train.targets.array == [0, 1])
    #expect(test?.targets.array == [2])
  }

  @Test func labelOfAnotherFileMustBeKnown() throws {
    let folder = try numbered()
    try folder.write("x,y\n1,c\n2,a\n", to: "fine.csv")
    try folder.write("x,y\n1,c\n2,d\n", to: "new.csv")
    let (_, test, _) = try load(
      train: "\(start)}", test: "{source: csv, file: fine.csv, target: y}", in: folder.path)
    #expect(test?.classes == ["a", "b", "c"])
    #expect(test?.targets.array == [2, 0])
    #expect(
      try refusal(
        train: "\(start)}", test: "{source: csv, file: new.csv, target: y}", in: folder.path)
        == .content(
          "\(folder.path)/new.csv: row 3, column 'y': expected a class ('a', 'b', 'c'), "
            + "received 'd'"))
  }

  @Test func declaredClassesOfTheTestPartMustBeThoseOfTraining() throws {
    let folder = try numbered()
    #expect(
      try load(train: "\(start)}", test: "\(start), classes: 3}", in: folder.path).test?.count
        == 100)
    #expect(
      try refusal(train: "\(start)}", test: "\(start), classes: [c, b, a]}", in: folder.path)
        == .content(
          "test data: classes: expected 3 classes ('a', 'b', 'c') as in training, "
            + "received 3 classes ('c', 'b', 'a')"))
    try folder.write("x,z,y\n1,2,a\n3,4,b\n", to: "two.csv")
    #expect(
      try refusal(
        train: "{source: csv, file: two.csv, target: z, inputs: x, task: regression}",
        test: "{source: csv, file: two.csv, target: y, inputs: x, classes: 3}", in: folder.path)
        == .content(
          "test data: classes: expected values as in training, received 3 classes"))
    #expect(
      try refusal(
        train: "{source: csv, file: two.csv, target: z, inputs: x, task: regression}",
        test: "{source: csv, file: two.csv, target: y, inputs: x}", in: folder.path)
        == .content(
          "test data: target: expected values of shape 1 as in training, received classes"))
  }

  @Test func trainingFiguresStandardizeBothParts() throws {
    let folder = try Folder()
    try folder.write("x,y\n1,a\n3,b\n11,a\n", to: "t.csv")
    let (train, test, standardization) = try load(
      train: "\(start), rows: 2, standardize: true}", test: "\(start), rows: [2, 3]}",
      in: folder.path)
    #expect(standardization == Standardization(mean: [2], deviation: [1]))
    #expect(train.inputs.array == [-1, 1])
    #expect(test?.inputs.array == [9])
  }

  @Test func oneTableServesBothPartsWhole() throws {
    let folder = try Folder()
    try folder.write("x,y\n1,a\n3,b\n", to: "t.csv")
    let (train, test, _) = try load(
      train: "\(start), standardize: true}", test: "\(start)}", in: folder.path)
    // Standardized once, though both parts are the same memory.
    #expect(train.inputs.array == [-1, 1])
    #expect(test?.inputs.array == [-1, 1])
  }

  @Test func tableOfBothPartsIsReadOnce() throws {
    let folder = try numbered()
    let (train, test, _) = try load(train: "\(start)}", test: "\(start)}", in: folder.path)
    #expect(train.inputs === test?.inputs)
  }

  @Test func generatorsDrawOtherPointsForTheTest() throws {
    let (train, test, _) = try load(train: "{source: moons}", test: "{source: moons}")
    #expect(train.inputs.array != test?.inputs.array)
    #expect(train.classes == test?.classes)
    let named = try load(train: "{source: moons, classes: [up, down]}", test: "{source: moons}")
    #expect(named.test?.classes == ["up", "down"])
  }

  @Test func examplesGetTheDeclaredShape() throws {
    let (train, test, _) = try load(
      train: "{source: moons, shape: [2, 1, 1], fraction: 0.5, standardize: true}",
      test: "{source: moons, shape: [2, 1, 1]}")
    #expect(train.inputShape == Shape([2, 1, 1]))
    #expect(test?.inputShape == Shape([2, 1, 1]))
    #expect(train.count == 100)
    #expect(
      try refusal(train: "{source: moons, shape: [2, 1]}", test: "{source: moons}", in: "")
        == .content("test data: shape: expected 2x1 as in training, received 2"))
  }

  /// The tables that ship with the models, read as their descriptions say.
  @Test(arguments: [
    ("iris", "target: label", 150, 4, 3), ("wine", "target: label", 178, 13, 3),
    ("breast_cancer", "target: label", 569, 30, 2),
    ("digits", "target: label, classes: 10, shape: [1, 8, 8]", 1797, 64, 10),
    ("diabetes", "target: progression, task: regression", 442, 10, 0),
  ])
  func shippedTablesAreRead(
    name: String, fields: String, count: Int, inputs: Int, classes: Int
  ) throws {
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let stated = "{source: csv, file: \(name).csv, \(fields), standardize: true"
    let (train, test, standardization) = try load(
      train: stated + ", fraction: 0.8}", test: stated + ", fraction: [0.8, 1]}",
      in: "/\(folder)/models/data")
    #expect(train.count + (test?.count ?? 0) == count)
    #expect(train.inputShape.count == inputs)
    #expect((train.classes ?? []).count == classes)
    #expect((train.targetShape == nil) == (classes > 0))
    // What is standardized again has mean 0 and deviation 1.
    let again = Standardization(of: train)
    #expect(again.mean.allSatisfy { abs($0) < 1e-5 })
    #expect(again.deviation.allSatisfy { abs($0 - 1) < 1e-5 })
    #expect(standardization?.mean.count == inputs)
  }
}
