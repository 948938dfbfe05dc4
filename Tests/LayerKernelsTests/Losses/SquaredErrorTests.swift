import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Squared errors") struct SquaredErrorTests {
  static let sizes = [(0, 3), (1, 1), (5, 1), (1, 17), (3, 8), (20, 33)]

  @Test("are half the sum of squares, in double precision", arguments: sizes)
  func forward(examples: Int, width: Int) {
    var numbers = SeededNumbers(seed: 71)
    let x = GuardedMemory(numbers.floats(examples * width, in: -100...100))
    let y = GuardedMemory(numbers.floats(examples * width))
    let statistics = GuardedMemory<Double>(count: 2)
    run(
      squaredError(
        x.view, y.view, statistics: statistics.view, examples: examples, width: width),
      holding: x, y)
    let expected = zip(x.values, y.values).reduce(0.0) {
      $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) / 2
    }
    #expect(abs(statistics.values[0] - expected) <= 1e-13 * expected)
    #expect(statistics.values[1] == Double(examples))
    #expect(statistics.isIntact)
  }

  @Test("have the gradient (x − y)·weight/N", arguments: sizes)
  func backward(examples: Int, width: Int) {
    var numbers = SeededNumbers(seed: 72)
    let count = examples * width
    let x = GuardedMemory(numbers.floats(count, in: -100...100))
    let (y, dx) = (GuardedMemory(numbers.floats(count)), GuardedMemory<Float>(count: count))
    let statistics = GuardedMemory([9.0, Double(examples) * 4])
    run(
      squaredErrorGradient(
        x.view, y.view, statistics: statistics.view, to: dx.view, weight: 0.75, count: count),
      holding: x, y, statistics)
    for index in 0..<count {
      let difference = Double(x.values[index]) - Double(y.values[index])
      let expected = difference * 0.75 / Double(examples * 4)
      #expect(abs(Double(dx.values[index]) - expected) <= 2e-7 * abs(expected))
    }
    #expect(dx.isIntact)
  }

  @Test("overflow only beyond the range of double precision")
  func extremes() {
    let (x, y) = (GuardedMemory<Float>([3e38, -3e38]), GuardedMemory<Float>([-3e38, 3e38]))
    let statistics = GuardedMemory<Double>(count: 2)
    run(
      squaredError(x.view, y.view, statistics: statistics.view, examples: 2, width: 1),
      holding: x, y)
    let square = 4 * Double(Float(3e38)) * Double(Float(3e38))
    #expect(statistics.values == [square, 2])
  }
}
