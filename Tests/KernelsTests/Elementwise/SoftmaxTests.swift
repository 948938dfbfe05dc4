import Glibc
import Kernels
import Oracles
import Testing

/// The softmax along an axis in double precision.
struct ExactSoftmax {
  let extent: AxisExtent
  let probabilities: [Double]
  /// ln Σ eˣ of every position, in row-major order.
  let logSums: [Double]

  init(_ x: [Float], _ extent: AxisExtent) {
    self.extent = extent
    var probabilities = [Double](repeating: .nan, count: extent.count)
    var logSums: [Double] = []
    for (outer, inner) in extent.positions {
      let places = (0..<extent.axis).map { extent.place(outer, $0, inner) }
      let greatest = places.map { Double(x[$0]) }.max() ?? 0
      let sum = places.reduce(0.0) { $0 + exp(Double(x[$1]) - greatest) }
      for place in places { probabilities[place] = exp(Double(x[place]) - greatest) / sum }
      logSums.append(greatest + log(sum))
    }
    (self.probabilities, self.logSums) = (probabilities, logSums)
  }
}

extension AxisExtent: CustomTestStringConvertible {
  public var testDescription: String { "\(outer)x\(axis)x\(inner)" }

  var positions: [(outer: Int, inner: Int)] {
    (0..<outer).flatMap { outer in (0..<inner).map { (outer, $0) } }
  }

  func place(_ outer: Int, _ index: Int, _ inner: Int) -> Int {
    (outer * axis + index) * self.inner + inner
  }
}

@Suite("Softmax") struct SoftmaxTests {
  static let extents =
    (1...17).map { AxisExtent(outer: 3, axis: $0, inner: 1) } + [
      AxisExtent(outer: 0, axis: 3, inner: 1), AxisExtent(outer: 1, axis: 1, inner: 1),
      AxisExtent(outer: 2, axis: 5, inner: 3), AxisExtent(outer: 1, axis: 2, inner: 9),
      AxisExtent(outer: 20, axis: 100, inner: 1), AxisExtent(outer: 4, axis: 10, inner: 7),
    ]

  private static func inputs(_ extent: AxisExtent, seed: Int) -> [Float] {
    var numbers = SeededNumbers(seed: seed)
    return numbers.floats(extent.count, in: -8...8)
  }

  @Test("agrees with double precision along any axis", arguments: extents)
  func forward(extent: AxisExtent) {
    let values = SoftmaxTests.inputs(extent, seed: 61)
    let (x, y) = (GuardedMemory(values), GuardedMemory<Float>(count: extent.count))
    run(softmax(x.view, to: y.view, extent), holding: x)
    let exact = ExactSoftmax(values, extent)
    for (value, expected) in zip(y.values, exact.probabilities) {
      #expect(abs(Double(value) - expected) <= 4e-7)
    }
    #expect(y.isIntact)
  }

  @Test("has the gradient of its formula along any axis", arguments: extents)
  func backward(extent: AxisExtent) {
    var numbers = SeededNumbers(seed: 62)
    let exact = ExactSoftmax(SoftmaxTests.inputs(extent, seed: 63), extent)
    let y = exact.probabilities.map(Float.init)
    let dy = numbers.floats(extent.count, in: -3...3)
    let (yMemory, dyMemory) = (GuardedMemory(y), GuardedMemory(dy))
    let dx = GuardedMemory<Float>(count: extent.count)
    run(
      softmaxGradient(y: yMemory.view, dy: dyMemory.view, to: dx.view, extent),
      holding: yMemory, dyMemory)
    for (outer, inner) in extent.positions {
      let places = (0..<extent.axis).map { extent.place(outer, $0, inner) }
      let dot = places.reduce(0.0) { $0 + Double(y[$1]) * Double(dy[$1]) }
      for place in places {
        let expected = Double(y[place]) * (Double(dy[place]) - dot)
        #expect(abs(Double(dx.values[place]) - expected) <= 2e-6)
      }
    }
    #expect(dx.isIntact)
  }

  struct Extreme: CustomTestStringConvertible {
    let x: [Float]
    let probabilities: [Float]

    var testDescription: String { "\(x)" }
  }

  @Test(
    "overflows nowhere",
    arguments: [
      Extreme(x: [1e30, 0, -1e30], probabilities: [1, 0, 0]),
      Extreme(x: [1e38, 1e38], probabilities: [0.5, 0.5]),
      Extreme(x: [-1e38, -1e38, -1e38, -1e38], probabilities: [0.25, 0.25, 0.25, 0.25]),
      Extreme(x: [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], probabilities: [1, 0]),
      Extreme(x: [-200, -100, -200], probabilities: [0, 1, 0]),
      Extreme(x: [88, 89, -.infinity], probabilities: [0.268_941_43, 0.731_058_6, 0]),
    ])
  func extremes(test: Extreme) {
    let extent = AxisExtent(outer: 1, axis: test.x.count, inner: 1)
    let (x, y) = (GuardedMemory(test.x), GuardedMemory<Float>(count: test.x.count))
    run(softmax(x.view, to: y.view, extent), holding: x)
    for (value, expected) in zip(y.values, test.probabilities) {
      #expect(abs(value - expected) <= 2e-7)
    }
  }
}
