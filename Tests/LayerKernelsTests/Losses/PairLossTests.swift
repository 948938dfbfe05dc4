import Glibc
import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Losses of pairs of values") struct PairLossTests {
  /// A loss with its formula in double precision.
  struct Formula: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let loss: PairLoss
    let value: @Sendable (Double, Double) -> Double

    static let all = [
      Formula(testDescription: "absolute", loss: .absolute) { abs($0 - $1) },
      Formula(testDescription: "squared", loss: .squared) { ($0 - $1) * ($0 - $1) },
      Formula(testDescription: "huber", loss: .huber(delta: 0.5)) { x, y in
        abs(x - y) <= 0.5 ? (x - y) * (x - y) / 2 : 0.5 * (abs(x - y) - 0.25)
      },
      Formula(testDescription: "sigmoid", loss: .sigmoidCrossEntropy(ignoring: .nan)) { x, y in
        let p = 1 / (1 + exp(-x))
        return -y * log(p) - (1 - y) * log(1 - p)
      },
      Formula(testDescription: "divergence", loss: .divergence) { $1 * (log($1) - $0) },
      Formula(testDescription: "log divergence", loss: .logDivergence) { exp($1) * ($1 - $0) },
    ]
  }

  @Test("agree with their formulas, and their gradients with differences", arguments: Formula.all)
  func formulas(formula: Formula) {
    var numbers = SeededNumbers(seed: 81)
    for round in 0..<40 {
      let (examples, width) = (round % 5, round % 9 + 1)
      let count = examples * width
      let x = GuardedMemory(numbers.floats(count, in: -4...4))
      let y = GuardedMemory(numbers.floats(count, in: 0.1...0.9))
      let sums = GuardedMemory<Double>(count: LossSums.count)
      run(
        pairLossSum(
          formula.loss, x.view, y.view, sums: sums.view, examples: examples, width: width),
        holding: x, y)
      let terms = zip(x.values, y.values).map { formula.value(Double($0), Double($1)) }
      let expected = terms.reduce(0, +)
      #expect(abs(sums.values[0] - expected) <= 1e-6 * max(1, abs(expected)))
      #expect(sums.values.dropFirst() == [Double(count), Double(count), Double(examples)])
      #expect(sums.isIntact)
      for isOfTarget in [false, true] {
        let gradient = GuardedMemory<Float>(count: count)
        run(
          pairLossGradient(
            formula.loss, x.view, y.view, LossScale(sums.view, .examples, weight: 0.5),
            to: gradient.view, isOfTarget: isOfTarget, count: count), holding: x, y, sums)
        for (index, slope) in gradient.values.enumerated() {
          let (a, b) = (Double(x.values[index]), Double(y.values[index]))
          // Skips kinks within the step: they have no derivative.
          if abs(abs(a - b) - 0.5) < 1e-3 || abs(a - b) < 1e-3 { continue }
          let (right, up) = isOfTarget ? (0.0, 1e-5) : (1e-5, 0)
          let change = formula.value(a + right, b + up) - formula.value(a - right, b - up)
          let difference = change / 2e-5 * 0.5 / Double(examples)
          #expect(abs(Double(slope) - difference) <= 1e-5 * max(1, abs(difference)))
        }
        #expect(gradient.isIntact)
      }
    }
  }

  struct Extreme: CustomTestStringConvertible, Sendable {
    let x: Float
    let y: Float
    let loss: PairLoss
    let value: Double
    let gradient: Float

    var testDescription: String { "\(loss) of \(x) and \(y)" }
  }

  @Test(
    "neither overflow nor lose a value",
    arguments: [
      Extreme(
        x: 200, y: 1, loss: .sigmoidCrossEntropy(ignoring: .nan), value: 0, gradient: 0),
      Extreme(
        x: -200, y: 0, loss: .sigmoidCrossEntropy(ignoring: .nan), value: 0, gradient: 0),
      Extreme(
        x: -200, y: 1, loss: .sigmoidCrossEntropy(ignoring: .nan), value: 200, gradient: -1),
      Extreme(
        x: 1e4, y: 0, loss: .sigmoidCrossEntropy(ignoring: .nan), value: 1e4, gradient: 1),
      Extreme(x: 3e38, y: -1, loss: .sigmoidCrossEntropy(ignoring: -1), value: 0, gradient: 0),
      Extreme(
        x: 1e30, y: -1e30, loss: .absolute, value: 2 * Double(Float(1e30)), gradient: 1),
      Extreme(x: -1e4, y: 0, loss: .divergence, value: 0, gradient: 0),
      Extreme(x: -1e4, y: 1, loss: .divergence, value: 1e4, gradient: -1),
      Extreme(x: 2, y: 2, loss: .absolute, value: 0, gradient: 0),
      Extreme(x: 1e30, y: 0, loss: .huber(delta: 1), value: Double(Float(1e30)), gradient: 1),
    ])
  func extremes(test: Extreme) {
    let (x, y) = (GuardedMemory([test.x]), GuardedMemory([test.y]))
    let (sums, dx) = (GuardedMemory<Double>(count: 4), GuardedMemory<Float>(count: 1))
    run(
      pairLossSum(test.loss, x.view, y.view, sums: sums.view, examples: 1, width: 1),
      holding: x, y)
    run(
      pairLossGradient(
        test.loss, x.view, y.view, LossScale(sums.view, .valid, weight: 1), to: dx.view,
        isOfTarget: false, count: 1), holding: x, y, sums)
    #expect(sums.values[0] == test.value)
    #expect(dx.values == [test.gradient])
  }

  @Test("ignore an ignored target")
  func ignored() {
    let (x, y) = (GuardedMemory<Float>([1, 2, 3, 4]), GuardedMemory<Float>([-1, 1, -1, 0]))
    let sums = GuardedMemory<Double>(count: 4)
    run(
      pairLossSum(
        .sigmoidCrossEntropy(ignoring: -1), x.view, y.view, sums: sums.view, examples: 2,
        width: 2), holding: x, y)
    #expect(sums.values.dropFirst() == [2, 4, 2])
  }
}
