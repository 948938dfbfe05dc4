import Glibc
import Kernels
import Oracles
import Testing

/// The softmax along an axis in double precision.
private struct ExactSoftmax {
  let extent: AxisExtent
  let probabilities: [Double]
  /// ln Σ eˣ of every position, the positions in row-major order.
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

  fileprivate var positions: [(outer: Int, inner: Int)] {
    (0..<outer).flatMap { outer in (0..<inner).map { (outer, $0) } }
  }

  fileprivate func place(_ outer: Int, _ index: Int, _ inner: Int) -> Int {
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
    run(SoftmaxKernel(x.view, to: y.view, extent), holding: x)
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
      SoftmaxGradient(y: yMemory.view, dy: dyMemory.view, to: dx.view, extent),
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
    run(SoftmaxKernel(x.view, to: y.view, extent), holding: x)
    for (value, expected) in zip(y.values, test.probabilities) {
      #expect(abs(value - expected) <= 2e-7)
    }
  }
}

@Suite("Cross entropy") struct CrossEntropyTests {
  /// Runs the loss; returns its statistics and probabilities.
  private static func loss(
    _ x: [Float], labels: [Float], _ extent: AxisExtent
  ) -> (statistics: [Double], probabilities: [Float])? {
    let (x, labels) = (GuardedMemory(x), GuardedMemory(labels))
    let (p, statistics) = (
      GuardedMemory<Float>(count: extent.count), GuardedMemory<Double>(count: 2)
    )
    run(
      CrossEntropy(
        x.view, label: labels.view, probabilities: p.view, statistics: statistics.view, extent),
      holding: x, labels)
    return p.isIntact && statistics.isIntact ? (statistics.values, p.values) : nil
  }

  @Test("agrees with double precision along any axis", arguments: SoftmaxTests.extents)
  func forward(extent: AxisExtent) throws {
    var numbers = SeededNumbers(seed: 64)
    let x = numbers.floats(extent.count, in: -8...8)
    let labels = numbers.labels(extent.outer * extent.inner, of: extent.axis)
    let result = try #require(CrossEntropyTests.loss(x, labels: labels, extent))
    let exact = ExactSoftmax(x, extent)
    var expected = 0.0
    for (index, (outer, inner)) in extent.positions.enumerated() {
      expected += exact.logSums[index] - Double(x[extent.place(outer, Int(labels[index]), inner)])
    }
    #expect(result.statistics[1] == Double(extent.outer * extent.inner))
    #expect(abs(result.statistics[0] - expected) <= 1e-6 * Double(max(labels.count, 1)))
    for (value, expected) in zip(result.probabilities, exact.probabilities) {
      #expect(abs(Double(value) - expected) <= 4e-7)
    }
  }

  @Test("is exact where a probability rounds to 0")
  func certainMistakes() throws {
    let extent = AxisExtent(outer: 3, axis: 2, inner: 1)
    let x: [Float] = [1e4, 0, 0, 1e30, -5, 95]
    let result = try #require(CrossEntropyTests.loss(x, labels: [1, 0, 0], extent))
    #expect(result.statistics == [1e4 + Double(Float(1e30)) + 100, 3])
    let right = try #require(CrossEntropyTests.loss(x, labels: [0, 1, 1], extent))
    #expect(right.statistics == [0, 3])
  }

  @Test("is NaN for a label that is no class", arguments: [Float(-1), 3, 1e9, .nan, .infinity])
  func wrongLabels(label: Float) throws {
    let extent = AxisExtent(outer: 2, axis: 3, inner: 1)
    let result = try #require(
      CrossEntropyTests.loss([1, 2, 3, 4, 5, 6], labels: [0, label], extent))
    #expect(result.statistics[0].isNaN)
    #expect(result.probabilities.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test("has the gradient (p − onehot)·weight/M", arguments: SoftmaxTests.extents)
  func backward(extent: AxisExtent) {
    var numbers = SeededNumbers(seed: 65)
    let p = numbers.floats(extent.count, in: 0...1)
    let labels = numbers.labels(extent.outer * extent.inner, of: extent.axis)
    let (pMemory, labelMemory) = (GuardedMemory(p), GuardedMemory(labels))
    // The whole batch is larger than this slice of it.
    let statistics = GuardedMemory([123.0, Double(labels.count) * 2])
    let dx = GuardedMemory<Float>(count: extent.count)
    run(
      CrossEntropyGradient(
        probabilities: pMemory.view, label: labelMemory.view, statistics: statistics.view,
        to: dx.view, weight: 0.5, extent), holding: pMemory, labelMemory, statistics)
    let scale = 0.5 / Double(max(labels.count * 2, 1))
    for (position, (outer, inner)) in extent.positions.enumerated() {
      for index in 0..<extent.axis {
        let place = extent.place(outer, index, inner)
        let expected = (Double(p[place]) - (Int(labels[position]) == index ? 1 : 0)) * scale
        #expect(abs(Double(dx.values[place]) - expected) <= 2e-7 * scale)
      }
    }
    #expect(dx.isIntact)
  }
}

@Suite("Counting matches") struct ArgmaxMatchTests {
  struct Case: CustomTestStringConvertible {
    let x: [Float]
    let labels: [Float]
    let extent: AxisExtent
    let matches: Double

    var testDescription: String { "\(x) with labels \(labels)" }
  }

  @Test(
    "takes the first of equal scores",
    arguments: [
      Case(
        x: [1, 2, 3, 3, 2, 1], labels: [2, 0], extent: AxisExtent(outer: 2, axis: 3, inner: 1),
        matches: 2),
      Case(
        x: [1, 1, 0, 5, 5, 5], labels: [0, 1], extent: AxisExtent(outer: 2, axis: 3, inner: 1),
        matches: 1),
      Case(x: [7], labels: [0], extent: AxisExtent(outer: 1, axis: 1, inner: 1), matches: 1),
      Case(
        x: [-3, -1, -1e30, -2e30], labels: [1, 1],
        extent: AxisExtent(outer: 2, axis: 2, inner: 1), matches: 1),
      Case(
        x: [1, 9, 5, 2, 3, 7], labels: [1, 0, 1],
        extent: AxisExtent(outer: 1, axis: 2, inner: 3), matches: 3),
      Case(
        x: [1, 9, 5, 2, 3, 7], labels: [0, 1, 5],
        extent: AxisExtent(outer: 1, axis: 2, inner: 3), matches: 0),
      Case(x: [], labels: [], extent: AxisExtent(outer: 0, axis: 2, inner: 1), matches: 0),
    ])
  func counting(test: Case) {
    let (x, labels) = (GuardedMemory(test.x), GuardedMemory(test.labels))
    let statistics = GuardedMemory<Double>(count: 2)
    run(
      ArgmaxMatch(x.view, label: labels.view, statistics: statistics.view, test.extent),
      holding: x, labels)
    #expect(statistics.values == [test.matches, Double(test.labels.count)])
    #expect(statistics.isIntact)
  }
}
