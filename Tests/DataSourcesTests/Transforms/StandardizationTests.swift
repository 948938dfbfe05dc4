import DataFiles
import DataSources
import Files
import Tensors
import Testing

@Suite struct StandardizationTests {
  /// Computed by hand: column a has mean 5, squared differences 9, 1, 1, 9 and variance 5. Column b
  /// has mean 40 and squared differences 900, 900, 900, 900.
  static let text = "a,b,y\n2,10,u\n4,70,v\n6,10,u\n8,70,v\n"

  @Test func figuresAreThePopulations() throws {
    let figures = try Standardization(of: try dataset(Self.text))
    #expect(figures.mean == [5, 40])
    #expect(figures.deviation == [Double(5).squareRoot(), 30])
  }

  @Test func inputsGetMeanZeroAndDeviationOne() throws {
    let data = try dataset(Self.text)
    let result = try standardized(data)
    let step = Float(1 / 5.0.squareRoot())
    let expected: [Float] = [-3 * step, -1, -step, 1, step, -1, 3 * step, 1]
    for (value, wanted) in zip(result.inputValues, expected) {
      #expect(abs(value - wanted) < 1e-6)
    }
    // The inputs stay in the same memory, and the targets are unchanged.
    #expect(try result.inputs[0].storage.floats() === data.inputs[0].storage.floats())
    #expect(try result.targets[0].storage.floats() === data.targets[0].storage.floats())
    #expect(result.classes == ["u", "v"])
  }

  private func standardized(_ data: Dataset) throws -> Dataset {
    let transform = try #require(InputTransform(nil, Standardization(of: data)))
    return try transform.apply(to: data)
  }

  @Test func otherExamplesGetTheSameFigures() throws {
    let figures = Standardization(mean: [1, 10], deviation: [2, 5])
    let data = try dataset("a,b,y\n5,0,u\n1,20,v\n")
    let transform = try #require(InputTransform(nil, figures))
    #expect(try transform.apply(to: data).inputValues == [2, -2, 0, 2])
  }

  @Test func anIndexOfACategoryStaysAsItIs() throws {
    let storage = try #require(FloatStorage(count: 4))
    for (place, value) in [Float(2), 0, 4, 7].enumerated() { storage[place] = value }
    let top = DataTop(DataTop.data, shape: Shape([2]), categoryCounts: [nil, 8])
    let data = Dataset(count: 2, [ExampleTensor(top, .floats(storage))])
    let figures = try Standardization(of: data)
    #expect(figures.mean == [3, 0])
    #expect(figures.deviation == [1, 1])
  }

  /// Rounded sums of 0.1 are not multiples of 0.1. Their mean would give a deviation above 0.
  @Test func inputThatNeverVariesIsOnlyShifted() throws {
    let rows = (0..<77).map { "0.1,\($0),\($0 % 2 == 0 ? "u" : "v")\n" }.joined()
    let data = try dataset("a,b,y\n" + rows)
    let figures = try Standardization(of: data)
    #expect(figures.mean[0] == 0.1)
    #expect(figures.deviation[0] == 1)
    #expect(try standardized(data).inputValues[0] == 0)
  }

  @Test func figuresAreComputedInDoublePrecision() throws {
    // Near 2²⁴ a float32 sum loses every difference.
    let rows = (0..<1000).map { "\(16_777_000 + $0 % 2 * 2),\($0 % 2 == 0 ? "u" : "v")\n" }.joined()
    let figures = try Standardization(of: try dataset("a,y\n" + rows))
    #expect(figures.mean == [16_777_001])
    #expect(figures.deviation == [1])
  }

  @Test func extremeInputsStayFinite() throws {
    let data = try dataset("a,b,y\n3e38,1e-45,u\n-3e38,0,v\n")
    let result = try standardized(data)
    #expect(result.inputValues.allSatisfy { $0.isFinite })
    #expect(result.inputValues[0] == 1 && result.inputValues[2] == -1)
  }

  @Test func resultThatIsTooLargeIsRefused() throws {
    let transform = try #require(
      InputTransform(nil, Standardization(mean: [0], deviation: [1e-10])))
    let data = try dataset("a,y\n1,u\n1e38,v\n")
    #expect(
      failure { () throws(DataFailure) in try transform.apply(to: data) }
        == .content(
          "standardize: example 1, input 'a': expected a value near the training part's "
            + "(mean 0.0, deviation 1e-10), received 1e+38"))
  }
}
