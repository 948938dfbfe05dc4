import Kernels
import Solvers
import Tensors
import Testing

@Suite("Gradient clipping") struct GradientClippingTests {
  struct Case: CustomTestStringConvertible {
    let squares: [[Double]]
    let limit: Double
    let scale: Double

    var testDescription: String { "squares \(squares), limit \(limit)" }
  }

  @Test(
    "scales the whole gradient down to the limit, and never up",
    arguments: [
      Case(squares: [[9], [16]], limit: 5, scale: 0.5),
      Case(squares: [[9], [16]], limit: 5.000_1, scale: 0.5),
      Case(squares: [[9], [16]], limit: 2.5, scale: 0.25),
      Case(squares: [[9, 7], [8, 1]], limit: 1, scale: 0.1),
      Case(squares: [[0]], limit: 1e-30, scale: 0.5),
      Case(squares: [], limit: 1, scale: 0.5),
      Case(squares: [[1e300]], limit: 1e-150, scale: 0.5e-300),
    ])
  func scaling(test: Case) throws {
    let storages = try test.squares.map { try #require(Storage<Double>(count: $0.count)) }
    for (storage, squares) in zip(storages, test.squares) {
      for (index, square) in squares.enumerated() { storage[index] = square }
    }
    let rates = try #require(Storage<Double>(count: UpdateRates.count))
    (rates[UpdateRates.learningRate], rates[UpdateRates.gradientScale]) = (0.1, 0.5)
    let kernel = gradientClipping(
      squares: storages.map { DoubleView($0) }, limit: test.limit, rates: DoubleView(rates))
    withExtendedLifetime(storages) { kernel.run() }
    #expect(abs(rates[UpdateRates.gradientScale] / test.scale - 1) < 1e-12)
    #expect(rates[UpdateRates.learningRate] == 0.1)
  }
}
