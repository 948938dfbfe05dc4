import DataFiles
import DataSources
import Files
import Oracles
import Tensors
import Testing
import YAML

/// Tests the parts that `loadParts` returns.
@Suite struct LoadPartsTests {
  typealias Loaded = (train: Dataset, test: Dataset?, standardization: Standardization?)

  func load(
    train: String, test: String? = nil, in directory: String = "", seed: Int = 1
  ) throws -> Loaded {
    try loadParts(
      train: try declaration(train), test: test.map { try declaration($0, phase: .test) },
      directory: directory, seed: seed)
  }

  func refusal(train: String, test: String, in directory: String) throws -> DataFailure? {
    do {
      _ = try load(train: train, test: test, in: directory)
      return nil
    } catch let failure as DataFailure {
      return failure
    }
  }

  /// A table of 100 rows whose input is the row's index.
  func numbered() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let rows = (0..<100).map { "\($0),\(["a", "b", "c"][$0 % 3])\n" }.joined()
    try folder.write("x,y\n" + rows, to: "t.csv")
    return folder
  }

  let start = "{source: csv, file: t.csv, target: y"

  /// Loads the parts of the section `data` in `text`.
  func load(_ text: String, in folder: TemporaryFolder, seed: Int = 1) throws -> Loaded {
    var diagnostics = Diagnostics()
    let parts = try #require(
      DataParts.decode(try node(text), &diagnostics), "\(diagnostics.rendered)")
    return try loadParts(
      train: parts.train, test: parts.test, directory: folder.path, seed: seed)
  }

  func refusal(_ text: String, in folder: TemporaryFolder) throws -> DataFailure? {
    do {
      _ = try load(text, in: folder)
      return nil
    } catch let failure as DataFailure {
      return failure
    }
  }

  @Test func splitDividesTheTable() throws {
    let folder = try numbered()
    let text = "{split: {fraction: 0.8}, train: \(start)}}"
    let (train, test, standardization) = try load(text, in: folder)
    let tested = try #require(test)
    #expect(train.count == 80 && tested.count == 20)
    #expect((train.inputValues + tested.inputValues).sorted() == (0..<100).map { Float($0) })
    // Inputs and labels stay together.
    for part in [train, tested] {
      for row in 0..<part.count {
        #expect(part.targetValues[row] == Float(Int(part.inputValues[row]) % 3))
      }
    }
    #expect(standardization == nil)
    // Another model seed selects the same rows, and another split seed selects other rows.
    #expect(try load(text, in: folder, seed: 2).train.inputValues == train.inputValues)
    let other = try load("{split: {fraction: 0.8, seed: 2}, train: \(start)}}", in: folder)
    #expect(other.train.inputValues != train.inputValues)
  }

  @Test func splitDividesEverySource() throws {
    let folder = try TemporaryFolder()
    let elements = (0..<40).map { UInt8($0) }
    try folder.write(idx([10, 2, 2], elements), to: "i")
    try folder.write(idx([10], elements.prefix(10).map { $0 % 3 }), to: "l")
    try folder.write(npy("|u1", "(10, 2, 2)", elements), to: "x.npy")
    for source in [
      "source: idx, images: i, labels: l", "source: npy, inputs: x.npy",
      "source: generated_images, height: 2, width: 2, images_per_class: 2",
    ] {
      let (train, test, _) = try load("{split: {fraction: 0.7}, train: {\(source)}}", in: folder)
      let all = train.inputValues + (test?.inputValues ?? [])
      #expect(train.count == (source.contains("generated") ? 14 : 7))
      #expect(Set(all).count == all.count)
      let whole = try load("{train: {\(source)}}", in: folder).train
      #expect(all.sorted() == whole.inputValues.sorted())
    }
    let (train, test, _) = try load(
      "{split: {fraction: 0.7, stratify: true}, train: {source: idx, images: i, labels: l}}",
      in: folder)
    #expect(train.targetValues.sorted() == [0, 0, 0, 1, 1, 2, 2])
    #expect(test?.targetValues.sorted() == [0, 1, 2])
  }

  /// The categories are those of the training rows, also where classes and groups decide which
  /// rows these are.
  @Test(arguments: ["", ", stratify: true", ", group: who", ", group: who, stratify: true"])
  func encodingsLearnFromTheDividedRows(more: String) throws {
    let folder = try TemporaryFolder()
    // Each row has a category of its own.
    let rows = (0..<40).map { "c\($0),w\($0 / 2),\($0 % 4 == 0 ? "yes" : "no")\n" }.joined()
    try folder.write("x,who,y\n" + rows, to: "t.csv")
    let text = """
      {fold: {count: 4, index: 2\(more)}, train: {source: csv, file: t.csv, target: y, inputs: \
      [{column: x, type: category, other: true}]}}
      """
    var diagnostics = Diagnostics()
    let parts = try #require(DataParts.decode(try node(text), &diagnostics))
    let (train, test, _) = try load(text, in: folder)
    let names = train.inputTop.valueNames
    #expect(train.count == 30 && names.count == 31)
    #expect(try parts.signature(directory: folder.path, seed: 1).inputNames == names)
    for row in 0..<train.count { #expect(train.input(row).last == 0) }
    for row in 0..<10 { #expect(test?.input(row).last == 1) }
    if more.contains("group") {
      // Both rows of a group are in one part.
      let numbers = Set(names.dropLast().compactMap { Int($0.dropFirst(3)) })
      #expect(numbers.count == 30)
      for number in numbers { #expect(numbers.contains(number ^ 1)) }
    }
    if more.contains("stratify") {
      #expect(test?.targetValues.count { $0 == 1 } == (more.contains("group") ? 2 : 3))
    }
  }

  /// The column of the groups is not an input, and may have any text.
  @Test func groupsAreNotInputs() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<12).map { "\($0),\(["A 1", "b", "-", "NA"][$0 % 4]),\($0 % 3)\n" }.joined()
    try folder.write("x,g,y\n" + rows, to: "t.csv")
    let (train, test, _) = try load(
      "{split: {fraction: 0.75, group: g}, train: {\(start.dropFirst()), classes: 3}}", in: folder)
    #expect(train.inputTop.valueNames == ["x"])
    let tested = try #require(test).inputValues
    #expect(train.count == 9 && Set(tested.map { Int($0) % 4 }).count == 1)
    #expect(
      try refusal(
        "{split: {fraction: 0.75, group: h}, train: {\(start.dropFirst()), classes: 3}}",
        in: folder)
        == .field(
          "split.group",
          message: "\(folder.path)/t.csv: row 1: expected a column 'h', received 'x', 'g', 'y'",
          of: .train))
  }

  @Test func stratifiedValuesAreRefused() throws {
    let folder = try numbered()
    try folder.write("x,y\n1,2\n3,4\n5,6\n", to: "r.csv")
    let text = """
      {split: {fraction: 0.5, stratify: true}, train: {source: csv, file: r.csv, target: y, \
      task: regression}}
      """
    let message =
      "split: stratify: expected false, since the target is not one class for each example"
    let expected = DataFailure.field("split.stratify", message: message, of: .train)
    #expect(try refusal(text, in: folder) == expected)
    var diagnostics = Diagnostics()
    let parts = try #require(DataParts.decode(try node(text), &diagnostics))
    #expect(
      failure { () throws(DataFailure) in try parts.signature(directory: folder.path, seed: 1) }
        == expected)
  }

  @Test func rowsPartTheTableInItsOrder() throws {
    let folder = try numbered()
    let (train, test, _) = try load(
      train: "\(start), rows: [0, 90]}", test: "\(start), rows: [90, 100]}", in: folder.path)
    #expect(train.inputValues == (0..<90).map { Float($0) })
    #expect(test?.inputValues == (90..<100).map { Float($0) })
    #expect(
      try refusal(train: "\(start)}", test: "\(start), rows: [90, 101]}", in: folder.path)
        == .field(
          "rows",
          message: "test data: rows: expected at most 100, received [90, 101]",
          of: .test))
  }

  @Test func classesAreThoseOfTheWholeTrainingTable() throws {
    let folder = try numbered()
    // The first two rows have only the classes a and b.
    let (train, test, _) = try load(
      train: "\(start), rows: 2}", test: "\(start), rows: [2, 3]}", in: folder.path)
    #expect(train.classes == ["a", "b", "c"])
    #expect(train.targetValues == [0, 1])
    #expect(test?.targetValues == [2])
  }

  @Test func labelOfAnotherFileMustBeKnown() throws {
    let folder = try numbered()
    try folder.write("x,y\n1,c\n2,a\n", to: "fine.csv")
    try folder.write("x,y\n1,c\n2,d\n", to: "new.csv")
    let (_, test, _) = try load(
      train: "\(start)}", test: "{source: csv, file: fine.csv, target: y}", in: folder.path)
    #expect(test?.classes == ["a", "b", "c"])
    #expect(test?.targetValues == [2, 0])
    #expect(
      try refusal(
        train: "\(start)}", test: "{source: csv, file: new.csv, target: y}", in: folder.path)?
        .message
        == "\(folder.path)/new.csv: row 3, column 'y': expected a class ('a', 'b', 'c'), "
        + "received 'd'")
  }

  @Test func declaredClassesOfTheTestPartMustBeThoseOfTraining() throws {
    let folder = try numbered()
    #expect(
      try load(train: "\(start)}", test: "\(start), classes: 3}", in: folder.path).test?.count
        == 100)
    #expect(
      try refusal(train: "\(start)}", test: "\(start), classes: [c, b, a]}", in: folder.path)
        == .field(
          "classes",
          message: "test data: classes: expected 3 classes ('a', 'b', 'c') as in training, "
            + "received 3 classes ('c', 'b', 'a')",
          of: .test))
    try folder.write("x,z,y\n1,2,a\n3,4,b\n", to: "two.csv")
    #expect(
      try refusal(
        train: "{source: csv, file: two.csv, target: z, inputs: x, task: regression}",
        test: "{source: csv, file: two.csv, target: y, inputs: x, classes: 3}", in: folder.path)
        == .field(
          "classes",
          message: "test data: classes: expected values as in training, received 3 classes",
          of: .test))
    #expect(
      try refusal(
        train: "{source: csv, file: two.csv, target: z, inputs: x, task: regression}",
        test: "{source: csv, file: two.csv, target: y, inputs: x}", in: folder.path)
        == .field(
          "target",
          message: "test data: target: expected values of shape 1 as in training, received classes",
          of: .test))
  }

  @Test func trainingFiguresStandardizeBothParts() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n1,a\n3,b\n11,a\n", to: "t.csv")
    let (train, test, standardization) = try load(
      train: "\(start), rows: 2, standardize: true}", test: "\(start), rows: [2, 3]}",
      in: folder.path)
    #expect(standardization == Standardization(mean: [2], deviation: [1]))
    #expect(train.inputValues == [-1, 1])
    #expect(test?.inputValues == [9])
  }

  /// (x − 1)·2 gives 0, 4, 20. The first two have mean 2 and deviation 2.
  @Test func inputsAreScaledBeforeTheyAreStandardized() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n1,a\n3,b\n11,a\n", to: "t.csv")
    try folder.write("x,y\n3,b\n", to: "u.csv")
    let fields = "mean: 1, scale: 2"
    let scaled = try load(
      train: "\(start), \(fields)}", test: "\(start), rows: [1, 3]}", in: folder.path)
    #expect(scaled.train.inputValues == [0, 4, 20])
    #expect(scaled.test?.inputValues == [4, 20])
    let (train, test, standardization) = try load(
      train: "\(start), rows: 2, \(fields), standardize: true}", test: "\(start), rows: [2, 3]}",
      in: folder.path)
    #expect(standardization == Standardization(mean: [2], deviation: [2]))
    #expect(train.inputValues == [-1, 1])
    #expect(test?.inputValues == [9])
    let other = try load(
      train: "\(start), \(fields)}", test: "{source: csv, file: u.csv, target: y}",
      in: folder.path)
    #expect(other.test?.inputValues == [4])
  }

  @Test func everySourceIsSplitAndScaled() throws {
    let folder = try TemporaryFolder()
    let elements = (0..<40).map { UInt8($0) }
    try folder.write(idx([10, 2, 2], elements), to: "i")
    try folder.write(idx([10], elements.prefix(10).map { $0 % 3 }), to: "l")
    try folder.write(npy("|u1", "(10, 2, 2)", elements), to: "x.npy")
    for source in ["source: idx, images: i, labels: l", "source: npy, inputs: x.npy"] {
      let (train, test, _) = try load(
        train: "{\(source), rows: [0, 7], scale: 0.5}", test: "{\(source), rows: [7, 10]}",
        in: folder.path)
      #expect(train.inputValues == (0..<28).map { Float($0) / 2 })
      #expect(test?.inputValues == (28..<40).map { Float($0) / 2 })
    }
    let drawn = try load(
      train: "{source: generated_images, height: 2, width: 2, rows: [0, 600], mean: [1, 2, 3]}",
      test: "{source: generated_images, height: 2, width: 2, rows: 100}")
    let plain = try load(train: "{source: generated_images, height: 2, width: 2}")
    #expect(drawn.train.count == 600 && drawn.test?.count == 100)
    let expected = plain.train.input(599).enumerated().map { place, value in
      Float(Double(value) - Double(1 + place / 4))
    }
    #expect(drawn.train.input(599) == expected)
  }

  /// A part of at least half of the rows shares their memory.
  @Test func rowsShareTheMemoryOfTheWhole() throws {
    let folder = try numbered()
    let (train, test, _) = try load(
      train: "\(start), rows: [10, 90]}", test: "\(start), rows: [40, 90]}", in: folder.path)
    let parts = [train, try #require(test)]
    let addresses = try parts.map {
      unsafe UInt(bitPattern: try $0.inputs[0].storage.floats().buffer.baseAddress)
    }
    #expect(addresses[1] - addresses[0] == 30 * 4)
    #expect(parts[1].inputValues == (40..<90).map { Float($0) })
    #expect(parts[1].targetValues == (40..<90).map { Float($0 % 3) })
  }

  @Test func partsWithoutLabelsAgree() throws {
    let folder = try TemporaryFolder()
    try folder.write(idx([4, 1, 1], [1, 2, 3, 4]), to: "i")
    try folder.write(idx([4], [0, 1, 0, 1]), to: "l")
    let (train, test, _) = try load(
      train: "{source: idx, images: i, rows: [0, 3]}",
      test: "{source: idx, images: i, rows: [3, 4]}", in: folder.path)
    #expect(train.targetTop == nil && test?.targetTop == nil)
    #expect(test?.inputValues == [4])
    #expect(
      try refusal(
        train: "{source: idx, images: i}", test: "{source: idx, images: i, labels: l}",
        in: folder.path)
        == .field(
          "target",
          message: "test data: target: expected none as in training, received classes",
          of: .test))
    #expect(
      try refusal(
        train: "{source: idx, images: i, mean: [1, 2]}", test: "{source: idx, images: i}",
        in: folder.path)
        == .field(
          "mean",
          message: "train data: mean: expected 1 number of 1x1x1, received 2",
          of: .train))
  }
}
