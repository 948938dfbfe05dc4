import Kernels
import LayerKernels
import Oracles
import Tensors
import Testing

@Suite("Sums over channels") struct BatchNormalizationTests {
  /// Returns the elements of every channel, in row-major order.
  private static func channels(_ x: [Float], _ shape: Shape) -> [[Double]] {
    let positions = shape.count(in: 2..<shape.rank)
    return (0..<shape[1]).map { channel in
      (0..<shape[0]).flatMap { example in
        (0..<positions).map { Double(x[(example * shape[1] + channel) * positions + $0]) }
      }
    }
  }

  private static func random(_ numbers: inout SeededNumbers) -> (Shape, TensorLayout) {
    let layout = Bool.random(using: &numbers) ? TensorLayout.plain : .channelsLast
    let fillsVectors = Int.random(in: 0...2, using: &numbers) == 0
    let channels =
      fillsVectors
      ? 16 * Int.random(in: 1...2, using: &numbers) : Int.random(in: 1...35, using: &numbers)
    let shape = Shape([
      Int.random(in: 1...4, using: &numbers), channels, Int.random(in: 1...9, using: &numbers),
      Int.random(in: 1...9, using: &numbers),
    ])
    return (shape, layout)
  }

  @Test("agree with plain loops for random shapes and layouts, at means of 0 and of 1000")
  func moments() {
    var numbers = SeededNumbers(seed: 35)
    for round in 0..<200 {
      let (shape, layout) = BatchNormalizationTests.random(&numbers)
      let center: Float = round % 2 == 0 ? 0 : 1000
      let x = numbers.floats(shape.count, in: center - 1...center + 1)
      let memory = GuardedMemory(x.inLayout(layout, shape))
      let part = GuardedMemory<Double>(count: batchMomentCount(channels: shape[1]))
      let sum = GuardedMemory<Float>(count: shape[1])
      let runs = layout.runs(shape, examples: shape[0])
      run(batchMoments(of: memory.view, to: part.view, runs), holding: memory, part)
      run(channelSum(of: memory.view, to: sum.view, runs), holding: memory, sum)
      #expect(part.isIntact && sum.isIntact)
      #expect(part.values[0] == Double(shape.count / shape[1]))
      for (channel, values) in BatchNormalizationTests.channels(x, shape).enumerated() {
        let total = values.reduce(0, +)
        let mean = total / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        #expect(abs(part.values[1 + 2 * channel] - mean) <= 2e-7 * max(1, abs(mean)))
        #expect(abs(part.values[2 + 2 * channel] - squares) <= 1e-5 * max(1, squares))
        #expect(
          abs(Double(sum.values[channel]) - total) <= 1e-6 * Double(values.count)
            * max(1, Double(center)))
      }
    }
  }

  @Test("join the parts of a batch, and update the running statistics")
  func merge() {
    let (a, b): ([Double], [Double]) = ([1, 2, 6], [4, 8])
    func part(_ values: [Double]) -> GuardedMemory<Double> {
      let mean = values.reduce(0, +) / Double(values.count)
      return GuardedMemory([
        Double(values.count), mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) },
      ])
    }
    let parts = [part(a), part(b)]
    let (mean, inverse) = (GuardedMemory<Float>(count: 1), GuardedMemory<Float>(count: 1))
    let (running, variance) = (GuardedMemory<Float>([10]), GuardedMemory<Float>([2]))
    let kernel = batchMomentsMerge(
      parts.map(\.view), mean: mean.view, inverse: inverse.view,
      running: (running.view, variance.view), averaging: .exponential(share: 1), fraction: 0.75,
      epsilon: 0, channels: 1)
    run(kernel, holding: parts[0], parts[1], mean, inverse, running, variance)
    // The values 1, 2, 6, 4 and 8 have the mean 4.2 and Σ (x − mean)² = 32.8.
    #expect(abs(mean.values[0] - 4.2) < 1e-6)
    #expect(abs(inverse.values[0] - 1 / (32.8 / 5 as Float).squareRoot()) < 1e-6)
    #expect(abs(running.values[0] - (0.75 * 10 + 0.25 * 4.2)) < 1e-5)
    #expect(abs(variance.values[0] - (0.75 * 2 + 0.25 * 8.2)) < 1e-5)
  }

  /// The arguments are the share of a full batch of five examples.
  @Test("weight a short batch by the number of its examples", arguments: [1.0, 0.6, 0.4])
  func share(share: Double) {
    // The values 1, 2 and 6 have the mean 3 and Σ (x − mean)² = 14.
    let part = GuardedMemory([3, 3, 14.0])
    let (mean, inverse) = (GuardedMemory<Float>(count: 1), GuardedMemory<Float>(count: 1))
    let (running, variance) = (GuardedMemory<Float>([10]), GuardedMemory<Float>([2]))
    let kernel = batchMomentsMerge(
      [part.view], mean: mean.view, inverse: inverse.view, running: (running.view, variance.view),
      averaging: .exponential(share: share), fraction: 0.75, epsilon: 0, channels: 1)
    run(kernel, holding: part, mean, inverse, running, variance)
    let weight = 0.25 * share
    #expect(running.values[0] == Float((1 - weight) * 10 + weight * 3))
    #expect(variance.values[0] == Float((1 - weight) * 2 + weight * 7))
  }

  @Test("weight every batch equally if the kernel counts weights")
  func weighted() {
    let part = GuardedMemory([3, 3, 14.0])
    let (mean, inverse) = (GuardedMemory<Float>(count: 1), GuardedMemory<Float>(count: 1))
    let (running, variance) = (GuardedMemory<Float>([10]), GuardedMemory<Float>([2]))
    let weight = GuardedMemory<Float>([2])
    let kernel = batchMomentsMerge(
      [part.view], mean: mean.view, inverse: inverse.view, running: (running.view, variance.view),
      averaging: .weighted(weight.view), fraction: 0.75, epsilon: 0, channels: 1)
    run(kernel, holding: part, mean, inverse, running, variance, weight)
    // The earlier batches have the weight 0.75 · 2, and this batch has 1.
    #expect(weight.values == [2.5])
    #expect(running.values[0] == Float(1.5 / 2.5 * 10 + 1 / 2.5 * 3))
    #expect(variance.values[0] == Float(1.5 / 2.5 * 2 + 1 / 2.5 * 7))
  }
}
