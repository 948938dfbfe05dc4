import DataFiles
import DataSources
import Tensors
import Testing

@Suite struct InputScalingTests {
  private func data(_ values: [Float], _ shape: [Int]) throws -> Dataset {
    let shape = Shape(shape)
    let inputs = try #require(FloatStorage(count: values.count))
    for (index, value) in values.enumerated() { inputs[index] = value }
    let count = values.count / shape.count
    return Dataset(
      count: count, [ExampleTensor(DataTop(DataTop.data, shape: shape), .floats(inputs))])
  }

  private func scaled(
    _ values: [Float], _ shape: [Int], mean: [Double]? = nil, scale: Double? = nil
  ) throws -> [Float] {
    let scaling = try #require(InputScaling(mean: mean, scale: scale))
    let transform = try #require(InputTransform(scaling, nil))
    return try transform.apply(to: data(values, shape)).inputValues
  }

  @Test func meanIsSubtractedBeforeTheFactor() throws {
    #expect(try scaled([1, 2, 4, 8], [2], mean: [2], scale: 10) == [-10, 0, 20, 60])
    #expect(try scaled([1, 2], [1], scale: 0.5) == [0.5, 1])
    #expect(try scaled([1, 2], [1], mean: [-1]) == [2, 3])
  }

  @Test func eachChannelHasItsMean() throws {
    let values: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    #expect(
      try scaled(values, [2, 2], mean: [1, 10], scale: 2) == [0, 2, -14, -12, 8, 10, -6, -4])
    // There is one mean for each column of a table.
    #expect(try scaled(values, [4], mean: [1, 2, 3, 4]) == [0, 0, 0, 0, 4, 4, 4, 4])
  }

  @Test func nothingIsDoneWhereNothingWouldChange() {
    #expect(InputScaling(mean: nil, scale: nil) == nil)
    #expect(InputScaling(mean: [0, 0], scale: 1) == nil)
    #expect(InputScaling(mean: [0, 1], scale: 1) != nil)
  }

  /// Float32 cannot represent the mean, but it can represent the difference.
  @Test func resultIsRoundedOnce() throws {
    #expect(try scaled([16_777_216], [1], mean: [16_777_215.5]) == [0.5])
    #expect(try scaled([255], [1], scale: 1 / 255.0) == [1])
  }

  @Test func resultThatIsTooLargeIsRefused() throws {
    let data = try data([0, 1, 2, 1e10], [2])
    let transform = try #require(
      InputTransform(InputScaling(mean: nil, scale: 1e30), nil))
    #expect(
      failure { () throws(DataFailure) in try transform.apply(to: data) }
        == .content(
          "scale: example 1, input 'x2': expected a value that stays below 3.4028235e+38 in size, "
            + "received 1e+10"))
  }

  @Test func originalIsTheValueBefore() throws {
    let scaling = try #require(InputScaling(mean: [3, 5], scale: 0.25))
    #expect(scaling.original(-0.5, input: 0, of: 2) == 1)
    #expect(scaling.original(-0.5, input: 1, of: 2) == 3)
    #expect(scaling.original(-0.5, input: 3, of: 4) == 3)
  }
}
