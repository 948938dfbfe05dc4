import Kernels
import Oracles
import Testing

@Suite("Reductions of rows") struct RowReductionTests {
  @Test(
    "agree with the formulas, for random shapes",
    arguments: [ReductionFunction.sum, .absoluteSum, .squareSum])
  func randomShapes(function: ReductionFunction) {
    var numbers = SeededNumbers(seed: 420)
    for _ in 0..<200 {
      let (rows, width) = (
        Int.random(in: 0...5, using: &numbers), Int.random(in: 1...70, using: &numbers)
      )
      let factor = Double(Int.random(in: -3...3, using: &numbers)) / 2
      // Multiples of a quarter have exact sums and squares. Some of them are 0.
      func quarters(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(Int.random(in: -9...9, using: &numbers)) / 4 }
      }
      let (x, dy) = (GuardedMemory(quarters(rows * width)), GuardedMemory(quarters(rows)))
      let (y, dx) = (GuardedMemory<Float>(count: rows), GuardedMemory<Float>(count: rows * width))
      run(rowReduction(function, times: factor, of: x.view, rows: rows, width: width, to: y.view))
      run(
        rowReductionGradient(
          function, times: factor, of: x.view, rows: rows, width: width, dy: dy.view, to: dx.view))
      func value(_ x: Float) -> Float {
        switch function {
        case .sum: x
        case .absoluteSum: abs(x)
        case .squareSum: x * x
        }
      }
      func slope(_ x: Float) -> Float {
        switch function {
        case .sum: 1
        case .absoluteSum: x == 0 ? 0 : x > 0 ? 1 : -1
        case .squareSum: 2 * x
        }
      }
      #expect(
        y.values
          == (0..<rows).map { row in
            Float(factor)
              * x.values[row * width..<(row + 1) * width].reduce(0) { $0 + value($1) }
          })
      #expect(
        dx.values
          == x.values.enumerated().map { slope($1) * (Float(factor) * dy.values[$0 / width]) })
      #expect(y.isIntact && dx.isIntact)
    }
  }
}
