import DataFiles
import DataSources
import Fields
import Oracles
import Tensors
import Testing

@Suite struct SharedExamplesTests {
  private func dataset(_ rows: [[Float]], labels: [Float]) throws -> Dataset {
    let width = rows.first?.count ?? 1
    let inputs = try #require(FloatStorage(count: rows.count * width))
    let targets = try #require(FloatStorage(count: labels.count))
    let (inputBuffer, targetBuffer) = unsafe (inputs.buffer, targets.buffer)
    for (index, value) in rows.joined().enumerated() { unsafe inputBuffer[index] = value }
    for (index, value) in labels.enumerated() { unsafe targetBuffer[index] = value }
    return Dataset(
      count: rows.count,
      [
        ExampleTensor(DataTop(DataTop.data, shape: Shape([width])), .floats(inputs)),
        ExampleTensor(DataTop(classes: .names(["a", "b"])), .floats(targets)),
      ])
  }

  @Test func countsExamplesWithEqualInputsAndTargets() throws {
    let train = try dataset([[1, 2], [3, 4], [5, 6], [3, 4]], labels: [0, 1, 0, 1])
    let test = try dataset([[3, 4], [3, 4], [1, 2], [5, 6], [7, 8]], labels: [1, 0, 0, 0, 1])
    let finding = try #require(try SharedExamples.find(in: test, trainedWith: train))
    // The second example has another label.
    #expect(finding.count == 3)
    #expect(finding.testCount == 5)
    // Two of the four examples are equal.
    #expect(finding.recurringShare == 0.5)
    let itself = try #require(try SharedExamples.find(in: train, trainedWith: train))
    #expect(itself.count == 4)
  }

  /// Rows that differ in one bit of their last value are different, for any number of rows.
  @Test func findsEachOfManyExamples() throws {
    let rows = (0..<5000).map { [Float(0), Float($0)] }
    let train = try dataset(rows, labels: rows.map { _ in 0 })
    let others = rows.map { [$0[0], $0[1].nextUp] }
    let test = try dataset(others + rows.prefix(7), labels: Array(repeating: 0, count: 5007))
    let finding = try #require(try SharedExamples.find(in: test, trainedWith: train))
    #expect(finding.count == 7)
    #expect(finding.recurringShare == 0)
  }

  @Test func partsOfAnotherWidthShareNothing() throws {
    let train = try dataset([[1, 2]], labels: [0])
    #expect(try SharedExamples.find(in: try dataset([[1]], labels: [0]), trainedWith: train) == nil)
  }

  /// A streamed part has the values of one in memory only after its first transforms.
  @Test(arguments: ["", ", standardize: true", ", mean: 1, scale: 0.3"])
  func streamedPartsCompareWithPartsInMemory(_ fields: String) throws {
    let folder = try TemporaryFolder()
    let rows = (0..<3000).map { "\($0).1,\(Double($0 * 7 % 100) / 3),\($0 % 2 == 0 ? "u" : "v")" }
    try folder.write((["a,b,y"] + rows).joined(separator: "\n"), to: "train.csv")
    let shared = rows[100..<140] + ["-1,-2,u", "5000,2,v"]
    try folder.write((["a,b,y"] + shared).joined(separator: "\n"), to: "test.csv")
    var parts = try ["train", "test"].map {
      try declaration("{source: csv, file: \($0).csv, target: y, batch_size: 10\(fields)}")
    }
    func finding() throws -> (SharedExamples.Finding?, isStreamed: Bool) {
      let loaded = try loadParts(
        train: parts[0], test: parts[1], directory: folder.path, seed: 1)
      let test = try #require(loaded.test)
      return (
        try SharedExamples.find(in: test, trainedWith: loaded.train), !loaded.train.isInMemory
      )
    }
    let inMemory = try finding()
    #expect(inMemory.0?.count == 40 && !inMemory.isStreamed)
    parts[0].memory = MemorySize("20 kB")
    let streamed = try finding()
    #expect(streamed.isStreamed)
    #expect(streamed.0 == inMemory.0)
  }
}
