import Kernels
import Oracles
import Testing

@Suite("Eltwise functions of tensors") struct EltwiseTests {
  /// Returns the formula's value and derivatives for one element.
  private static func naive(
    _ function: EltwiseFunction, _ x: [Float]
  ) -> (value: Float, derivatives: [Float]) {
    switch function {
    case .sum(let factors):
      return (zip(factors, x).reduce(0) { $0 + $1.0 * $1.1 }, factors)
    case .product:
      return (
        x.reduce(1, *),
        x.indices.map { own in x.indices.reduce(1) { $1 == own ? $0 : $0 * x[$1] } }
      )
    case .maximum:
      let greatest = x.max() ?? 0
      // If the greatest inputs are equal, the second input has priority over the first, and the
      // first over all others.
      let taken = x.count > 1 && x[1] == greatest ? 1 : x.firstIndex(of: greatest) ?? 0
      return (greatest, x.indices.map { $0 == taken ? 1 : 0 })
    }
  }

  @Test("agree with the formulas, for random shapes", arguments: 0..<3)
  func randomShapes(kind: Int) {
    var numbers = SeededNumbers(seed: 410 + kind)
    for _ in 0..<200 {
      let (inputs, count) = (
        Int.random(in: 1...5, using: &numbers), Int.random(in: 0...40, using: &numbers)
      )
      // Small integers have exact results and many ties.
      func whole() -> [Float] {
        (0..<count).map { _ in Float(Int.random(in: -2...2, using: &numbers)) }
      }
      let factors = (0..<inputs).map { _ in Float(Int.random(in: -3...3, using: &numbers)) }
      let function = [EltwiseFunction.sum(factors), .product, .maximum][kind]
      let x = (0..<inputs).map { _ in whole() }
      let memory = x.map { GuardedMemory($0) }
      let (dy, y) = (GuardedMemory(whole()), GuardedMemory<Float>(count: count))
      run(eltwise(function, memory.map(\.view), to: y.view))
      let expected = (0..<count).map { index in
        EltwiseTests.naive(function, x.map { $0[index] })
      }
      #expect(y.values == expected.map(\.value))
      #expect(y.isIntact)
      for number in 0..<inputs {
        let dx = GuardedMemory<Float>(count: count)
        run(
          eltwiseGradient(
            function, memory.map(\.view), of: number, dy: dy.view, to: dx.view), holding: dy)
        #expect(dx.values == zip(expected, dy.values).map { $0.derivatives[number] * $1 })
        #expect(dx.isIntact)
      }
      withExtendedLifetime(memory) {}
    }
  }
}
