import DataFiles
import DataSources
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
}
