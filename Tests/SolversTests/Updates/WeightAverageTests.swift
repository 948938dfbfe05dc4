import Kernels
import Solvers
import Tensors
import Testing

@Suite("Averages of weights") struct WeightAverageTests {
  @Test(
    "start at the weights of the first update and follow with factor 1 − d",
    arguments: [0, 0.5, 0.99])
  func recurrence(kept: Double) throws {
    let (value, average) = (
      try #require(FloatStorage(count: 32)), try #require(FloatStorage(count: 32))
    )
    let rates = try #require(Storage<Double>(count: UpdateRates.count))
    let kernel = weightAverage(
      of: FloatView(value), to: FloatView(average), kept: kept, rates: DoubleView(rates))
    var expected = [Double](repeating: 0, count: 32)
    for number in 1...20 {
      for element in 0..<32 {
        let weight = Float(element * number % 7) - 3
        value[element] = weight
        expected[element] =
          number == 1 ? Double(weight) : kept * expected[element] + (1 - kept) * Double(weight)
      }
      rates[UpdateRates.number] = Double(number)
      withExtendedLifetime((value, average)) { kernel.run() }
      for element in 0..<32 {
        #expect(abs(Double(average[element]) - expected[element]) < 1e-5)
      }
    }
  }
}
