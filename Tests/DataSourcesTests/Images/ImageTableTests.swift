import DataFiles
import DataSources
import Foundation
import Oracles
import Tensors
import Testing

/// Images whose paths and targets are columns of a table.
@Suite struct ImageTableTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("photos/more")
    try folder.write(PNGFile.grey([1, 2]), to: "photos/a.png")
    try folder.write(PNGFile.grey([3, 4]), to: "photos/more/b, c.png")
    try folder.write(PNGFile.grey([5, 6]), to: "photos/d")
    try folder.write(
      "species;weight;file\nswan;1.5;a.png\nduck;0.1;more/b, c.png\nswan;2;d\n",
      to: "photos/birds.csv")
  }

  private static let fields = "table: photos/birds.csv, path: file, color: gray"

  private func load(_ fields: String, classes: ClassNames? = nil) throws(DataFailure) -> Dataset {
    guard let source = try? declaration("{source: images, \(fields)}").source else {
      throw .content("the part is refused")
    }
    let context = context(classes: classes, directory: folder.path)
    let data = try source.load(context)
    #expect(try source.signature(context) == data.signature)
    return data
  }

  private func refusal(_ fields: String, classes: ClassNames? = nil) -> DataFailure? {
    failure { () throws(DataFailure) in try load(fields, classes: classes) }
  }

  @Test func textsAreClasses() throws {
    let data = try load("\(Self.fields), target: species")
    #expect(data.classes == ["duck", "swan"])
    #expect(data.targetValues == [1, 0, 1])
    #expect(data.inputValues == [1, 2, 3, 4, 5, 6])
    #expect(
      try load("\(Self.fields), target: species", classes: .names(["swan", "goose", "duck"]))
        .targetValues == [0, 2, 0])
  }

  @Test func numbersAreValues() throws {
    let data = try load("\(Self.fields), target: weight, task: regression")
    #expect(data.signature.text == "data 1x1x2, label 1")
    #expect(data.targetValues == [1.5, 0.1, 2])
    let part = try declaration(
      "{source: images, \(Self.fields), target: weight, task: regression, standardize_target: true}"
    )
    let train = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    #expect(abs(train.targetValues.reduce(0, +)) < 1e-5)
  }

  @Test func folderIsTheStartOfPaths() throws {
    try folder.write("file,kind\na.png,x\n\(folder.path)/photos/d,y\n", to: "t.csv")
    let data = try load("folder: photos, table: t.csv, path: file, target: kind, color: gray")
    #expect(data.inputValues == [1, 2, 5, 6])
  }

  @Test(arguments: [
    (
      "file,kind\na.png,x\nd,y\na.png,x\n", "kind",
      "photos/t.csv: row 4: expected each file once, received 'a.png' as in row 2"
    ),
    (
      "file,kind\na.png,x\ne,y\n", "kind",
      "photos/e: expected a readable file: No such file or directory"
    ),
    (
      "name,kind\na.png,x\ne,y\n", "kind",
      "photos/t.csv: row 1: expected a column 'file', received 'name', 'kind'"
    ),
    (
      "file,kind\na.png,x\nd,y\n", "species",
      "photos/t.csv: row 1: expected a column 'species', received 'file', 'kind'"
    ),
    (
      "file,kind\na.png,x\nd,x\n", "kind",
      "photos/t.csv: column 'kind': expected at least 2 classes, received 1 ('x')"
    ),
    (
      "file,kind\na.png,1\nd,2\n", "kind",
      "photos/t.csv: row 2, column 'kind': expected text labels, or numbers with 'task: "
        + "classification' or 'task: regression', received '1'"
    ),
    (
      "file,kind\na.png,x\n,y\n", "kind",
      "photos/t.csv: row 3, column 'file': expected a path of at most 4096 bytes, received an empty "
        + "cell"
    ),
  ])
  func wrongTablesAreRefused(_ text: String, _ target: String, _ message: String) throws {
    try folder.write(text, to: "photos/t.csv")
    let found = refusal("table: photos/t.csv, path: file, target: \(target)")
    #expect(
      (found?.message ?? "").replacingOccurrences(of: "\(folder.path)/", with: "") == message)
  }

  @Test(arguments: [
    (
      "table: t, target: y",
      "1:1: error: 'path' is missing: expected the column of the table with the path of each image"
    ),
    (
      "table: t, path: x",
      "1:1: error: 'target' is missing: expected the column of the table with the target of each image"
    ),
    (
      "table: t, path: x, target: x",
      "1:45: error: target: expected another column than path, received 'x'"
    ),
    (
      "table: t, path: x, target: y, list: l",
      "1:54: error: list: expected none, since a table states the images and their targets"
    ),
    (
      "table: t, path: x, target: y, masks: m",
      "1:55: error: masks: expected none, since a table states the images and their targets"
    ),
    ("folder: f, path: x", "1:35: error: path: expected none, since no table is stated"),
    (
      "table: t, path: x, target: y, task: multi_label",
      "1:54: error: task: expected classification or regression, received multi_label"
    ),
    (
      "table: t, path: x, target: y, task: regression, classes: 2",
      "1:75: error: classes: expected none, since the task is regression"
    ),
  ])
  func wrongFieldsAreRefused(_ fields: String, _ message: String) throws {
    #expect(try firstLine("{source: images, \(fields)}") == "model.yaml:\(message)")
  }
}
