import Glibc
import Kernels
import Oracles
import Testing

/// A function f of the loops, with f and f′ in double precision.
struct ElementwiseSubject: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let loops: ElementwiseLoops
  let value: @Sendable (Double) -> Double
  let slope: @Sendable (Double) -> Double
  /// The range in which the test compares f and f′.
  var range: ClosedRange<Float> = -10...10
  /// False if f is undefined or overflows outside `range`, or reaches its limit only slowly.
  var isBounded = true

  static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  static func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
  static func tanhGate(_ x: Double) -> Double {
    logistic(2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))
  }

  static let all = [
    ElementwiseSubject(
      testDescription: "affine", loops: .affine(scale: -2, shift: 0.5), value: { 0.5 - 2 * $0 },
      slope: { _ in -2 }, isBounded: false),
    ElementwiseSubject(
      testDescription: "square", loops: .square(scale: 2, shift: 1), value: { pow(1 + 2 * $0, 2) },
      slope: { 4 * (1 + 2 * $0) }, isBounded: false),
    ElementwiseSubject(
      testDescription: "power", loops: .power(1.5, scale: 1, shift: 1),
      value: { pow(1 + $0, 1.5) }, slope: { 1.5 * pow(1 + $0, 0.5) }, range: 0...10,
      isBounded: false),
    ElementwiseSubject(
      testDescription: "exponential", loops: .exponential(scale: 0.5, shift: 1),
      value: { exp(1 + 0.5 * $0) }, slope: { 0.5 * exp(1 + 0.5 * $0) }, isBounded: false),
    ElementwiseSubject(
      testDescription: "logarithm", loops: .logarithm(factor: 2, scale: 1, shift: 0.5),
      value: { 2 * log($0 + 0.5) }, slope: { 2 / ($0 + 0.5) }, range: 0...10, isBounded: false),
    ElementwiseSubject(
      testDescription: "magnitude", loops: .magnitude, value: { abs($0) },
      slope: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
    ElementwiseSubject(
      testDescription: "clip", loops: .clip(from: -1, to: 2), value: { min(max($0, -1), 2) },
      slope: { (-1...2).contains($0) ? 1 : 0 }),
    ElementwiseSubject(
      testDescription: "step", loops: .step(above: 0.5), value: { $0 > 0.5 ? 1 : 0 },
      slope: { _ in 0 }),
    ElementwiseSubject(
      testDescription: "relu6", loops: .relu6, value: { min(max($0, 0), 6) },
      slope: { $0 > 0 && $0 < 6 ? 1 : 0 }),
    ElementwiseSubject(
      testDescription: "hard swish", loops: .hardSwish,
      value: { $0 * min(max($0 + 3, 0), 6) / 6 },
      slope: { $0 < -3 ? 0 : $0 > 3 ? 1 : $0 / 3 + 0.5 }),
    ElementwiseSubject(
      testDescription: "softplus", loops: .softplus,
      value: { max($0, 0) + log1p(exp(-abs($0))) }, slope: logistic),
    ElementwiseSubject(
      testDescription: "elu", loops: .elu(alpha: 1.5), value: { $0 > 0 ? $0 : 1.5 * expm1($0) },
      slope: { $0 > 0 ? 1 : 1.5 * exp($0) }),
    ElementwiseSubject(
      testDescription: "gelu", loops: .gelu, value: { $0 * normal($0) },
      slope: { normal($0) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }),
    ElementwiseSubject(
      testDescription: "fast gelu", loops: .fastGELU, value: { $0 * tanhGate($0) },
      slope: {
        let (gate, a) = (tanhGate($0), (8 / Double.pi).squareRoot())
        return gate + $0 * gate * (1 - gate) * a * (1 + 3 * 0.044715 * $0 * $0)
      }),
    ElementwiseSubject(
      testDescription: "swish", loops: .swish(beta: 1.5), value: { $0 * logistic(1.5 * $0) },
      slope: {
        let gate = logistic(1.5 * $0)
        return gate + 1.5 * $0 * gate * (1 - gate)
      }),
    ElementwiseSubject(
      testDescription: "mish", loops: .mish, value: { $0 * tanh(log1p(exp($0))) },
      slope: {
        let t = tanh(log1p(exp($0)))
        return t + $0 * (1 - t * t) * logistic($0)
      }),
  ]
}

@Suite("Elementwise functions") struct ElementwiseTests {
  private static func values(_ subject: ElementwiseSubject, _ x: [Float]) -> [Float] {
    let (input, output) = (GuardedMemory(x), GuardedMemory<Float>(count: x.count))
    run(
      elementwise(subject.loops, from: input.view, to: output.view, count: x.count),
      holding: input)
    #expect(output.isIntact)
    return output.values
  }

  private static func gradients(_ subject: ElementwiseSubject, _ x: [Float], _ dy: [Float])
    -> [Float]
  {
    let kept = GuardedMemory(subject.loops.derivesFromOutput ? values(subject, x) : x)
    let (gradient, result) = (GuardedMemory(dy), GuardedMemory<Float>(count: x.count))
    run(
      elementwiseGradient(
        subject.loops, kept: kept.view, dy: gradient.view, to: result.view, count: x.count),
      holding: kept, gradient)
    #expect(result.isIntact)
    return result.values
  }

  @Test("agree with double precision", arguments: ElementwiseSubject.all, [0, 1, 7, 16, 100])
  func agreement(subject: ElementwiseSubject, count: Int) {
    var numbers = SeededNumbers(seed: 71)
    let x = numbers.floats(count, in: subject.range)
    let dy = numbers.floats(count, in: -2...2)
    let (y, dx) = (ElementwiseTests.values(subject, x), ElementwiseTests.gradients(subject, x, dy))
    for index in 0..<count {
      let value = subject.value(Double(x[index]))
      #expect(abs(Double(y[index]) - value) <= 1e-6 * max(1, abs(value)), "at \(x[index])")
      let slope = subject.slope(Double(x[index])) * Double(dy[index])
      #expect(abs(Double(dx[index]) - slope) <= 3e-6 * max(1, abs(slope)), "at \(x[index])")
    }
  }

  @Test(
    "keep a derivative with the bits of the backward pass",
    arguments: ElementwiseSubject.all.filter(\.loops.keepsDerivative))
  func keptDerivative(subject: ElementwiseSubject) {
    var numbers = SeededNumbers(seed: 73)
    let x = numbers.floats(100, in: subject.range)
    let dy = numbers.floats(100, in: -2...2)
    let (input, gradient) = (GuardedMemory(x), GuardedMemory(dy))
    let (output, derivative) = (GuardedMemory<Float>(count: 100), GuardedMemory<Float>(count: 100))
    run(
      elementwise(
        subject.loops, from: input.view, to: output.view, derivative: derivative.view, count: 100),
      holding: input)
    #expect(haveSameBits(output.values, ElementwiseTests.values(subject, x)))
    run(
      elementwiseGradient(
        derivative: derivative.view, dy: gradient.view, to: derivative.view, count: 100),
      holding: gradient)
    #expect(haveSameBits(derivative.values, ElementwiseTests.gradients(subject, x, dy)))
    #expect(output.isIntact && derivative.isIntact)
  }

  @Test("work in place", arguments: ElementwiseSubject.all)
  func inPlace(subject: ElementwiseSubject) {
    var numbers = SeededNumbers(seed: 72)
    let x = numbers.floats(33, in: subject.range)
    let memory = GuardedMemory(x)
    run(elementwise(subject.loops, from: memory.view, to: memory.view, count: 33))
    #expect(haveSameBits(memory.values, ElementwiseTests.values(subject, x)))
    let (kept, dy) = (GuardedMemory(x), numbers.floats(33))
    let gradient = GuardedMemory(dy)
    run(
      elementwiseGradient(
        subject.loops, kept: kept.view, dy: gradient.view, to: gradient.view, count: 33),
      holding: kept)
    let apart = GuardedMemory<Float>(count: 33)
    let source = GuardedMemory(dy)
    run(
      elementwiseGradient(
        subject.loops, kept: kept.view, dy: source.view, to: apart.view, count: 33),
      holding: kept, source)
    #expect(haveSameBits(gradient.values, apart.values))
  }

  /// The result equals the rounded result in double precision, or differs by one rounding.
  /// Intermediate values do not overflow.
  @Test(
    "saturate exactly, and propagate NaN", arguments: ElementwiseSubject.all.filter(\.isBounded))
  func extremes(subject: ElementwiseSubject) {
    let magnitudes: [Float] = [88, 104, 200, 1e10, 1e30, .greatestFiniteMagnitude]
    for x in magnitudes + magnitudes.map({ -$0 }) + [0, -0.0, .leastNonzeroMagnitude] {
      // For large x the formulas in double precision give NaN, from ∞ · 0.
      let bounded = max(min(Double(x), 300), -300)
      let isLinear = subject.value(300) == 300 && x > 300
      let value = isLinear ? Double(x) : subject.value(bounded)
      let y = ElementwiseTests.values(subject, [x])[0]
      #expect(abs(Double(y) - value) <= 1e-6 * max(1, abs(value)) || y == -x, "at \(x)")
      let slope = subject.slope(bounded)
      let dx = ElementwiseTests.gradients(subject, [x], [1])[0]
      #expect(abs(Double(dx) - slope) <= 1e-6, "at \(x)")
    }
    guard subject.testDescription != "step" else { return }
    #expect(ElementwiseTests.values(subject, [.nan])[0].isNaN)
  }
}
