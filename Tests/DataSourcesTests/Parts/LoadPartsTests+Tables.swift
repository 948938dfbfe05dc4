import DataFiles
import DataSources
import Files
import Oracles
import Tensors
import Testing
import YAML

extension LoadPartsTests {
  @Test func oneTableServesBothPartsWhole() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n1,a\n3,b\n", to: "t.csv")
    let (train, test, _) = try load(
      train: "\(start), standardize: true}", test: "\(start)}", in: folder.path)
    // The inputs are standardized once, although both parts share memory.
    #expect(train.inputValues == [-1, 1])
    #expect(test?.inputValues == [-1, 1])
  }

  @Test func tableOfBothPartsIsReadOnce() throws {
    let folder = try numbered()
    let (train, test, _) = try load(train: "\(start)}", test: "\(start)}", in: folder.path)
    #expect(try train.inputs[0].storage.floats() === test?.inputs[0].storage.floats())
  }

  @Test func generatorsDrawOtherPointsForTheTest() throws {
    let (train, test, _) = try load(train: "{source: moons}", test: "{source: moons}")
    #expect(train.inputValues != test?.inputValues)
    #expect(train.classes == test?.classes)
    let named = try load(train: "{source: moons, classes: [up, down]}", test: "{source: moons}")
    #expect(named.test?.classes == ["up", "down"])
  }

  @Test func examplesGetTheDeclaredShape() throws {
    let (train, test, _) = try load(
      train: "{source: moons, shape: [2, 1, 1], rows: 100, standardize: true}",
      test: "{source: moons, shape: [2, 1, 1]}")
    #expect(train.inputTop.shape == Shape([2, 1, 1]))
    #expect(test?.inputTop.shape == Shape([2, 1, 1]))
    #expect(train.count == 100)
    #expect(
      try refusal(train: "{source: moons, shape: [2, 1]}", test: "{source: moons}", in: "")
        == .field(
          "shape",
          message: "test data: shape: expected 2x1 as in training, received 2",
          of: .test))
  }

  /// Compares the tables that ship with the models with their descriptions.
  @Test(arguments: [
    ("iris", "target: label", 150, 4, 3), ("wine", "target: label", 178, 13, 3),
    ("breast_cancer", "target: label", 569, 30, 2),
    ("digits", "target: label, classes: 10, shape: [1, 8, 8]", 1797, 64, 10),
    ("diabetes", "target: progression, task: regression", 442, 10, 0),
  ])
  func shippedTablesAreRead(
    name: String, fields: String, count: Int, inputs: Int, classes: Int
  ) throws {
    let folder = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let stated = "{source: csv, file: \(name).csv, \(fields), standardize: true"
    let (train, test, standardization) = try load(
      train: stated + ", rows: 100}", test: stated + ", rows: [100, \(count)]}",
      in: "/\(folder)/models/data")
    #expect(train.count + (test?.count ?? 0) == count)
    #expect(train.inputTop.shape.count == inputs)
    #expect((train.classes ?? []).count == classes)
    #expect((train.targetTop?.hasClasses == true) == (classes > 0))
    // Standardized inputs have mean 0 and deviation 1.
    let again = try Standardization(of: train)
    #expect(again.mean.allSatisfy { abs($0) < 1e-5 })
    #expect(again.deviation.allSatisfy { abs($0 - 1) < 1e-5 })
    #expect(standardization?.mean.count == inputs)
  }
}
