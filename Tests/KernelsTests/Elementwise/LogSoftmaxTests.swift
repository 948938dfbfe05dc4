import Glibc
import Kernels
import Oracles
import Testing

@Suite("The logarithm of a softmax") struct LogSoftmaxTests {
  @Test("agrees with a plain loop in double precision, for random extents")
  func agreement() {
    var numbers = SeededNumbers(seed: 73)
    for _ in 0..<200 {
      let extent = AxisExtent(
        outer: Int.random(in: 1...4, using: &numbers),
        axis: Int.random(in: 1...19, using: &numbers),
        inner: Int.random(in: 1...5, using: &numbers))
      let (x, dy) = (numbers.floats(extent.count, in: -5...5), numbers.floats(extent.count))
      let (input, y) = (GuardedMemory(x), GuardedMemory<Float>(count: extent.count))
      run(logSoftmax(input.view, to: y.view, extent), holding: input)
      let (gradient, dx) = (GuardedMemory(dy), GuardedMemory<Float>(count: extent.count))
      run(logSoftmaxGradient(y: y.view, dy: gradient.view, to: dx.view, extent), holding: gradient)
      for outer in 0..<extent.outer {
        for inner in 0..<extent.inner {
          let places = (0..<extent.axis).map {
            (outer * extent.axis + $0) * extent.inner + inner
          }
          let sum = places.reduce(0) { $0 + exp(Double(x[$1])) }
          let total = places.reduce(0) { $0 + Double(dy[$1]) }
          for place in places {
            let exact = Double(x[place]) - log(sum)
            #expect(abs(Double(y.values[place]) - exact) <= 2e-6)
            let slope = Double(dy[place]) - exp(exact) * total
            #expect(abs(Double(dx.values[place]) - slope) <= 3e-6)
          }
        }
      }
      #expect(y.isIntact && dx.isIntact)
    }
  }

  @Test("stays finite if a probability rounds to 0")
  func extremes() {
    let x = GuardedMemory<Float>([0, 1e4, -1e30])
    let y = GuardedMemory<Float>(count: 3)
    run(logSoftmax(x.view, to: y.view, AxisExtent(outer: 1, axis: 3, inner: 1)), holding: x)
    #expect(y.values == [-1e4, 0, -1e30])
  }
}
