import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("The sums of R²") struct VarianceSumsTests {
  /// Means of targets. Some are so large against the deviation that Σ y² − (Σ y)²/n loses all
  /// digits.
  private static let centers: [Float] = [0, 5, 1_000_000, -3e7]

  /// Returns Σ (x − y)², and for each column the mean and Σ (y − mean)². Computes with differences
  /// from the column's first target.
  private static func expected(
    _ x: [Float], _ y: [Float], width: Int
  ) -> (error: Double, columns: [(mean: Double, squares: Double)]) {
    let rows = y.count / width
    let error = zip(x, y).reduce(0.0) {
      $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
    }
    let columns = (0..<width).map { column in
      let values = (0..<rows).map { Double(y[$0 * width + column]) - Double(y[column]) }
      let mean = values.reduce(0, +) / Double(rows)
      return (
        Double(y[column]) + mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      )
    }
    return (error, columns)
  }

  private static func parts(
    _ x: [Float], _ y: [Float], width: Int, cuts: [Int]
  ) -> [GuardedMemory<Double>] {
    zip(cuts, cuts.dropFirst()).map { from, end in
      let (from, end) = (from * width, end * width)
      let (a, b) = (GuardedMemory(Array(x[from..<end])), GuardedMemory(Array(y[from..<end])))
      let part = GuardedMemory<Double>(count: varianceSumCount(width: width))
      run(
        varianceSums(
          a.view, b.view, statistics: part.view, examples: (end - from) / width, width: width),
        holding: a, b)
      #expect(part.isIntact)
      return part
    }
  }

  @Test(
    "cover all slices, at any distance of the targets from 0", arguments: [1, 3], centers)
  func slices(width: Int, center: Float) {
    var numbers = SeededNumbers(seed: 73)
    let rows = 29
    let y = numbers.floats(rows * width, in: -2...2).map { center + $0 }
    let x = zip(y, numbers.floats(rows * width)).map { $0 + $1 }
    let expected = VarianceSumsTests.expected(x, y, width: width)
    for cuts in [[0, 29], [0, 13, 29], [0, 1, 2, 28, 29]] {
      let parts = VarianceSumsTests.parts(x, y, width: width, cuts: cuts)
      let total = GuardedMemory<Double>(count: varianceSumCount(width: width))
      withExtendedLifetime(parts) {
        run(joinedVarianceSums(of: parts.map(\.view), to: total.view), holding: total)
      }
      #expect(total.isIntact)
      #expect(total.values[0] == Double(rows))
      #expect(abs(total.values[1] - expected.error) <= 1e-13 * expected.error)
      for (column, moments) in expected.columns.enumerated() {
        let tolerance = 1e-15 * abs(Double(center)) + 1e-14
        #expect(abs(total.values[2 + 2 * column] - moments.mean) <= tolerance)
        #expect(abs(total.values[3 + 2 * column] - moments.squares) <= 1e-9 * moments.squares)
      }
    }
  }

  @Test("have squares of 0 for equal targets, in slices of any size")
  func equalTargets() {
    for value in [Float(0.1), 7.3, -1e6, 3e18] {
      let y = [Float](repeating: value, count: 7)
      let parts = VarianceSumsTests.parts(y, y, width: 1, cuts: [0, 3, 4, 7])
      let total = GuardedMemory<Double>(count: 4)
      withExtendedLifetime(parts) {
        run(joinedVarianceSums(of: parts.map(\.view), to: total.view), holding: total)
      }
      #expect(total.values == [7, 0, Double(value), 0])
    }
  }

  @Test("are 0 without examples")
  func empty() {
    let total = GuardedMemory<Double>(count: 4)
    let x = GuardedMemory<Float>(count: 1)
    run(
      varianceSums(x.view, x.view, statistics: total.view, examples: 0, width: 1), holding: x)
    #expect(total.values == [0, 0, 0, 0])
  }
}
