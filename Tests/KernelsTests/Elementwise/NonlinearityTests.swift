import Glibc
import Kernels
import Oracles
import Testing

@Suite("Nonlinearities") struct NonlinearityTests {
  static let functions: [Nonlinearity] = [
    .relu(slope: 0), .relu(slope: 0.25), .relu(slope: 1), .sigmoid, .tanh,
  ]
  private static let extremes: [Float] = [
    0, -0.0, 1e-38, -1e-38, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 20, -20, 88, -88, 104,
    -104, 1e30, -1e30, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, -.infinity,
  ]

  /// Returns f(x) and f′(x), computed by libm in double precision.
  private static func exact(_ function: Nonlinearity, _ x: Double) -> (y: Double, slope: Double) {
    let y = NaiveProduct.value(of: function, x)
    switch function {
    case .relu(let slope): return (y, x > 0 ? 1 : Double(slope))
    case .sigmoid: return (y, y * (1 - y))
    case .tanh: return (y, 1 - y * y)
    }
  }

  @Test("agree with double precision, in place too", arguments: functions, [0, 1, 7, 16, 100])
  func forward(function: Nonlinearity, count: Int) {
    var numbers = SeededNumbers(seed: 51)
    let values = numbers.floats(count, in: -10...10)
    let (x, y) = (GuardedMemory(values), GuardedMemory<Float>(count: count))
    run(nonlinearity(function, from: x.view, to: y.view, count: count), holding: x)
    for (x, y) in zip(values, y.values) {
      let expected = NonlinearityTests.exact(function, Double(x)).y
      #expect(abs(Double(y) - expected) <= 3e-7 * max(1, abs(expected)))
    }
    #expect(y.isIntact)
    run(nonlinearity(function, from: x.view, to: x.view, count: count))
    #expect(haveSameBits(x.values, y.values))
    #expect(x.isIntact)
  }

  @Test("reach their limits at the extremes, and propagate NaN", arguments: functions)
  func forwardExtremes(function: Nonlinearity) {
    let x = GuardedMemory(NonlinearityTests.extremes + [.nan])
    let y = GuardedMemory<Float>(count: x.values.count)
    run(nonlinearity(function, from: x.view, to: y.view, count: x.values.count), holding: x)
    for (x, y) in zip(NonlinearityTests.extremes, y.values) {
      // A ReLU without slope is NaN at −∞, from 0 · ∞. A network with finite values never reaches
      // this.
      if case .relu(slope: 0) = function, x == -.infinity { continue }
      let expected = NonlinearityTests.exact(function, Double(x)).y
      #expect(y == Float(expected) || abs(Double(y) - expected) <= 3e-7, "at \(x)")
    }
    #expect(y.values.last?.isNaN == true)
  }

  @Test("have derivatives that follow from their output", arguments: functions, [0, 1, 7, 16, 100])
  func backward(function: Nonlinearity, count: Int) {
    var numbers = SeededNumbers(seed: 52)
    let x = GuardedMemory(numbers.floats(count, in: -6...6))
    let dy = GuardedMemory(numbers.floats(count, in: -2...2))
    let (y, dx) = (GuardedMemory<Float>(count: count), GuardedMemory<Float>(count: count))
    run(nonlinearity(function, from: x.view, to: y.view, count: count), holding: x)
    run(
      nonlinearityGradient(function, y: y.view, dy: dy.view, to: dx.view, count: count),
      holding: y, dy)
    for index in 0..<count {
      let slope = NonlinearityTests.exact(function, Double(x.values[index])).slope
      let expected = slope * Double(dy.values[index])
      #expect(abs(Double(dx.values[index]) - expected) <= 6e-7 * abs(Double(dy.values[index])))
    }
    #expect(dx.isIntact)
  }

  @Test("use the slope as ReLU's derivative at 0", arguments: [Float(0), 0.25])
  func kink(slope: Float) {
    let tiny = Float.leastNonzeroMagnitude
    let y = GuardedMemory<Float>([0, -0.0, tiny, -tiny])
    let dy = GuardedMemory<Float>([4, 4, 4, 4])
    let dx = GuardedMemory<Float>(count: 4)
    run(
      nonlinearityGradient(.relu(slope: slope), y: y.view, dy: dy.view, to: dx.view, count: 4),
      holding: y, dy)
    #expect(dx.values == [4 * slope, 4 * slope, 4, 4 * slope])
  }

  @Test("have the descriptions that plans print")
  func descriptions() {
    #expect(
      NonlinearityTests.functions.map(\.description)
        == ["relu", "relu(0.25)", "relu(1.0)", "sigmoid", "tanh"])
  }
}
