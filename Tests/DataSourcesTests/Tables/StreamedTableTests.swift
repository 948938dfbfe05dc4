import DataFiles
import DataSources
import Oracles
import Tensors
import Testing
import YAML

/// Tables that are larger than their share of the memory.
@Suite struct StreamedTableTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // More rows than a block of 1 MiB has.
    var rows = ["a,b,city,gap,y,label"]
    for index in 0..<40_000 {
      let gap = index % 7 == 3 ? "" : "\(index % 11)"
      let city = ["Köln", "Oslo", "Rome"][index * 5 % 3 == 0 ? index % 3 : index % 2]
      rows.append(
        "\(Double(index) * 0.1),16777217.\(index % 10),\(city),\(gap),\(index % 13),\(index % 2)")
    }
    try folder.write(rows.joined(separator: "\n") + "\n", to: "t.csv")
  }

  private func load(_ fields: String, memory: String) throws -> (train: Dataset, test: Dataset) {
    var diagnostics = Diagnostics()
    let text =
      "{memory: \(memory), split: {fraction: 0.75}, train: {source: csv, file: t.csv, \(fields)}, "
      + "test: {}}"
    let parts = try #require(
      DataParts.decode(try node(text), &diagnostics), "\(diagnostics.rendered)")
    let loaded = try loadParts(
      train: parts.train, test: parts.test, directory: folder.path, seed: 1)
    let signature = try parts.signature(directory: folder.path, seed: 1)
    #expect(loaded.train.signature.inputs == signature.inputs)
    #expect(loaded.train.isInMemory == (memory != "1"))
    return (loaded.train, try #require(loaded.test))
  }

  @Test(
    .tags(.slow),
    arguments: [
      "target: label, classes: 2",
      "target: y, task: regression, inputs: [a, b], standardize: true",
      "target: label, classes: 2, inputs: [b, a], mean: 16777216, scale: 10",
      "target: y, task: regression, inputs: [{column: city, type: category}, a, {column: gap, missing: "
        + "median}]",
      "target: y, task: regression, inputs: [a, {column: gap, missing: row}, {column: city, type: "
        + "category, encoding: index}]",
      "target: y, task: regression, inputs: [a], transforms: [{type: scale, factor: 0.3}, {type: mean, "
        + "value: 1}, standardize]",
    ])
  func examplesAreThoseInMemory(_ fields: String) throws {
    let fields =
      fields.contains("inputs")
      ? fields : fields + ", inputs: [a, b, y]"
    let (memory, demand) = (try load(fields, memory: "1 GiB"), try load(fields, memory: "1"))
    for (left, right) in [(memory.train, demand.train), (memory.test, demand.test)] {
      #expect(left.count == right.count)
      #expect(left.signature == right.signature)
      let rows = stride(from: 0, to: left.count, by: 97).map { $0 }
      let (expected, received) = (
        try left.decoded(rows, isTraining: false), try right.decoded(rows, isTraining: false)
      )
      #expect(received.inputValues == expected.inputValues)
      #expect(received.targetValues == expected.targetValues)
      #expect(left.remarks.count == right.remarks.count)
    }
  }

  /// A cell is refused with its row in the whole table.
  @Test func wrongCellsAreReported() throws {
    var text = try folder.text("t.csv")
    text += "1,2,Rome,4,5,0\n3,x,Rome,4,5,1\n"
    try folder.write(text, to: "t.csv")
    let fields = "target: label, classes: 2, inputs: [a, b]"
    let messages = ["1 GiB", "1"].map { memory in
      do {
        _ = try load(fields, memory: memory)
        return ""
      } catch {
        return (error as? DataFailure)?.message ?? ""
      }
    }
    #expect(messages[0].contains("row 40003, column 'b'"))
    #expect(messages[1] == messages[0])
  }
}
