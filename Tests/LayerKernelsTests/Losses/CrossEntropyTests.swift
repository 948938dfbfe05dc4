import Glibc
import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Cross entropy") struct CrossEntropyTests {
  /// Runs the loss, and returns its statistics and probabilities.
  private static func loss(
    _ x: [Float], labels: [Float], _ extent: AxisExtent, ignoring ignoredLabel: Int? = nil,
    _ form: CrossEntropyForm = CrossEntropyForm()
  ) -> (statistics: [Double], probabilities: [Float])? {
    let (x, labels) = (GuardedMemory(x), GuardedMemory(labels))
    let (p, statistics) = (
      GuardedMemory<Float>(count: extent.count), GuardedMemory<Double>(count: LossSums.count)
    )
    run(
      crossEntropy(
        x.view,
        ClassLabels(labels.view, extent, examples: extent.outer, ignoring: ignoredLabel),
        probabilities: p.view, sums: statistics.view, form), holding: x, labels)
    return p.isIntact && statistics.isIntact ? (statistics.values, p.values) : nil
  }

  @Test("agrees with double precision along any axis", arguments: AxisExtent.examples)
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
    let positions = Double(extent.outer * extent.inner)
    #expect(result.statistics.dropFirst() == [positions, positions, Double(extent.outer)])
    #expect(abs(result.statistics[0] - expected) <= 1e-6 * Double(max(labels.count, 1)))
    for (value, expected) in zip(result.probabilities, exact.probabilities) {
      #expect(abs(Double(value) - expected) <= 4e-7)
    }
  }

  @Test("is exact if a probability rounds to 0")
  func certainMistakes() throws {
    let extent = AxisExtent(outer: 3, axis: 2, inner: 1)
    let x: [Float] = [1e4, 0, 0, 1e30, -5, 95]
    let result = try #require(CrossEntropyTests.loss(x, labels: [1, 0, 0], extent))
    #expect(result.statistics == [1e4 + Double(Float(1e30)) + 100, 3, 3, 3])
    let right = try #require(CrossEntropyTests.loss(x, labels: [0, 1, 1], extent))
    #expect(right.statistics == [0, 3, 3, 3])
  }

  @Test(
    "is NaN for a label that is not a class", arguments: [Float(-1), 3, 0.5, 1e9, .nan, .infinity])
  func wrongLabels(label: Float) throws {
    let extent = AxisExtent(outer: 2, axis: 3, inner: 1)
    let result = try #require(
      CrossEntropyTests.loss([1, 2, 3, 4, 5, 6], labels: [0, label], extent))
    #expect(result.statistics[0].isNaN)
    #expect(result.probabilities.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test("has the gradient (p − onehot)·weight/M", arguments: AxisExtent.examples)
  func backward(extent: AxisExtent) {
    var numbers = SeededNumbers(seed: 65)
    let p = numbers.floats(extent.count, in: 0...1)
    let labels = numbers.labels(extent.outer * extent.inner, of: extent.axis)
    let (pMemory, labelMemory) = (GuardedMemory(p), GuardedMemory(labels))
    // The whole batch is larger than this slice.
    let statistics = GuardedMemory([123.0, Double(labels.count) * 2, 5, 7])
    let dx = GuardedMemory<Float>(count: extent.count)
    run(
      crossEntropyGradient(
        probabilities: pMemory.view,
        ClassLabels(labelMemory.view, extent, examples: extent.outer),
        LossScale(statistics.view, .valid, weight: 0.5), to: dx.view),
      holding: pMemory, labelMemory, statistics)
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

  /// Returns the loss of one position by the formula with weights and smoothing.
  private static func naive(
    _ x: [Float], _ label: Float, _ extent: AxisExtent, _ weights: [Double], _ smoothing: Double
  ) -> Double {
    let exact = ExactSoftmax(x, extent)
    let losses = x.map { exact.logSums[0] - Double($0) }
    let own = weights[Int(label)] * losses[Int(label)]
    let all = zip(weights, losses).reduce(0) { $0 + $1.0 * $1.1 }
    return (1 - smoothing) * own + smoothing / Double(x.count) * all
  }

  @Test("weights classes, smooths targets and ignores positions", arguments: 1...17)
  func weighted(classes: Int) throws {
    var numbers = SeededNumbers(seed: 66)
    let (extent, one) = (
      AxisExtent(outer: 5, axis: classes, inner: 1), AxisExtent(outer: 1, axis: classes, inner: 1)
    )
    let x = numbers.floats(extent.count, in: -8...8)
    let weights = numbers.floats(classes, in: 0...2).map(Double.init)
    var labels = numbers.labels(5, of: classes)
    labels[3] = -1
    let form = CrossEntropyForm(smoothing: 0.3, weights: weights)
    let result = try #require(
      CrossEntropyTests.loss(x, labels: labels, extent, ignoring: -1, form))
    var (total, valid) = (0.0, 0.0)
    for position in [0, 1, 2, 4] {
      let scores = Array(x[position * classes..<(position + 1) * classes])
      total += CrossEntropyTests.naive(scores, labels[position], one, weights, 0.3)
      valid += weights[Int(labels[position])]
    }
    #expect(abs(result.statistics[0] - total) <= 1e-5 * max(1, total))
    #expect(abs(result.statistics[1] - valid) <= 1e-12)
    #expect(result.statistics[2...] == [5, 5])
  }

  @Test("has a gradient of 0 at ignored positions", arguments: [0, 0.5])
  func ignored(smoothing: Double) {
    let extent = AxisExtent(outer: 2, axis: 2, inner: 1)
    let (p, labels) = (GuardedMemory<Float>([0.5, 0.5, 0.25, 0.75]), GuardedMemory<Float>([9, 1]))
    let (sums, dx) = (GuardedMemory([1.0, 1, 2, 2]), GuardedMemory<Float>(count: 4))
    run(
      crossEntropyGradient(
        probabilities: p.view, ClassLabels(labels.view, extent, examples: 2, ignoring: 9),
        LossScale(sums.view, .valid, weight: 1), to: dx.view,
        CrossEntropyForm(smoothing: smoothing)), holding: p, labels, sums)
    // Half of the target, divided between both classes, is a quarter for each.
    #expect(dx.values == (smoothing == 0 ? [0, 0, 0.25, -0.25] : [0, 0, 0, 0]))
    #expect(dx.isIntact)
  }
}
