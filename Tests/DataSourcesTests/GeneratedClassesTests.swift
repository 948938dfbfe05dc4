import DataFiles
import DataSources
import Tensors
import Testing
import YAML

/// Tests the common behaviour of all generators.
@Suite struct GeneratedClassesTests {
  static let names = ["spiral", "moons", "circles", "blobs", "xor"]

  private func load(_ name: String, _ context: DataContext) throws -> Dataset {
    try declaration("{source: \(name)}").source.load(context)
  }

  @Test(arguments: names) func dataAreWhatTheSignatureSays(name: String) throws {
    let source = try declaration("{source: \(name)}").source
    let signature = try source.signature(context())
    let data = try source.load(context())
    #expect(data.count == signature.exampleCount)
    #expect(data.inputTop.shape == signature.inputTop.shape)
    #expect(data.inputNames == signature.inputNames)
    #expect(data.inputNames == ["x1", "x2"])
    #expect(data.targetTop?.hasClasses == true && signature.targetTop?.hasClasses == true)
    #expect(data.classes.map(ClassNames.names) == signature.classes)
    #expect(data.inputValues.count == 2 * data.count)
    #expect(data.targetValues.count == data.count)
    #expect(data.byteCount == 12 * data.count)
  }

  @Test(arguments: names) func classesComeInOrderAndAreOfOneSize(name: String) throws {
    let data = try load(name, context())
    let classes = try #require(data.classes)
    let size = data.count / classes.count
    #expect(classes == (0..<classes.count).map(String.init))
    #expect(data.targetValues == (0..<data.count).map { Float($0 / size) })
  }

  @Test(arguments: names) func seedAndPhaseDecideEveryNumber(name: String) throws {
    let first = try load(name, context(seed: 7))
    #expect(try load(name, context(seed: 7)).inputValues == first.inputValues)
    #expect(try load(name, context(seed: 8)).inputValues != first.inputValues)
    let test = try load(name, context(seed: 7, phase: .test))
    // The phases do not share random numbers. Only coordinates of 0, as at the centre of the
    // spiral, are equal.
    let shared = zip(first.inputValues, test.inputValues).count { $0 == $1 && $0 != 0 }
    #expect(shared == 0)
    #expect(test.targetValues == first.targetValues)
  }

  @Test(arguments: names) func classesCanBeNamed(name: String) throws {
    let count = ["spiral", "blobs"].contains(name) ? 3 : 2
    let names = Array(["red", "green", "blue"].prefix(count))
    let data = try load(name, context(classes: .names(names)))
    #expect(data.classes == names)
    let four = ClassNames.names(["a", "b", "c", "d"])
    let refused = DataFailure.field(
      "classes",
      message: "train data: classes: expected \(count) classes, "
        + "received 4 classes ('a', 'b', 'c', 'd')", of: .train)
    #expect(
      failure { () throws(DataFailure) in
        try DataSourceCatalogTests.source(name).load(context(classes: four))
      } == refused)
    #expect(
      failure { () throws(DataFailure) in
        try DataSourceCatalogTests.source(name).signature(context(classes: four))
      } == refused)
  }

  @Test func contradictionsAreReportedBeforeAPointIsDrawn() throws {
    #expect(
      try firstLine("{source: moons, classes: 3}")
        == "model.yaml:1:26: error: classes: expected 2 classes, received 3 classes")
    #expect(
      try firstLine("{source: moons, shape: [3, 1]}")
        == "model.yaml:1:24: error: shape: expected 2 values for each example, received 3x1, "
        + "which has 3")
    #expect(
      try firstLine("{source: moons, rows: [0, 201]}")
        == "model.yaml:1:23: error: rows: expected at most 200, received [0, 201]")
    #expect(
      try firstLine(
        "{source: blobs, points_per_class: 100000, class_count: 100, features: 1000}")
        == "model.yaml:1:10: error: expected at most 1073741824 values, "
        + "received 10000000 examples of 1000 inputs and 1 target")
    #expect(try refusal("{source: moons, classes: 2, shape: [1, 2], rows: [0, 200]}") == "")
  }

  @Test func pointsAndNoiseHaveLimits() throws {
    #expect(try refusal("{source: spiral, points_per_class: 2, noise: 0}") == "")
    #expect(try refusal("{source: spiral, points_per_class: 100000, noise: 1000}") == "")
    for wrong in ["1", "100001", "99999999999", "9223372036854775808", "0.5", ".nan", "text"] {
      #expect(
        try firstLine("{source: spiral, points_per_class: \(wrong)}")
          == "model.yaml:1:36: error: points_per_class: expected an integer from 2 to 100000, "
          + "received '\(wrong)'")
    }
    for wrong in ["-0.1", "1000.5", "1e308", ".nan", ".inf", "text"] {
      #expect(
        try firstLine("{source: spiral, noise: \(wrong)}")
          == "model.yaml:1:25: error: noise: expected a number from 0 to 1000, "
          + "received '\(wrong)'")
    }
  }
}
