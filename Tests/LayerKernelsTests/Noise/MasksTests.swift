import Kernels
import LayerKernels
import Oracles
import Tensors
import Testing

@Suite("Masks") struct MasksTests {
  private static let stream = RandomStream(seed: 5, purpose: .noise(layer: "a"))

  private static func step(_ number: Int) -> Storage<Int> {
    guard let step = Storage<Int>(count: 1) else { preconditionFailure("no memory") }
    step[0] = number
    return step
  }

  /// Returns the factor of an element by definition: 0 if its random word is below ratio·2³².
  private static func factor(_ place: Int, _ ratio: Double, step: Int) -> Float {
    let word = stream.step(step).words(at: place / 4)[place % 4]
    return Double(word) < ratio * 0x1p32 ? 0 : Float(1 / (1 - ratio))
  }

  @Test("depend on the place in the batch, from any place on", arguments: Array(0...9) + [64])
  func places(count: Int) {
    var numbers = SeededNumbers(seed: 77)
    for first in [0, 1, 2, 3, 4, 1_001] {
      for ratio in [0.1, 0.5, 0.9] {
        let step = MasksTests.step(11)
        let x = numbers.floats(count)
        let (input, y) = (GuardedMemory(x), GuardedMemory<Float>(count: count))
        let mask = KeepMask(MasksTests.stream, step: View(step), ratio: ratio)
        run(
          applyMask(mask, of: input.view, to: y.view, LogicalOrder(first: first, count: count)),
          holding: input, step)
        let factors = (0..<count).map { MasksTests.factor(first + $0, ratio, step: 11) }
        #expect(y.values == zip(x, factors).map { $0 * $1 })
        #expect(y.isIntact)
        run(
          applyMask(mask, of: nil, to: y.view, LogicalOrder(first: first, count: count)),
          holding: step)
        #expect(y.values == factors)
      }
    }
  }

  /// Layouts with shapes. Their channels begin in every lane of a block.
  private static let packings: [(TensorLayout, [Int])] = [
    (.plain, [5, 3, 7]), (.channelsLast, [5, 3, 7]), (.channelsLast, [4, 6, 2, 5]),
    (.channelsLast, [3, 5, 4]), (.channelsLast, [3, 5, 1]), (.channelsLast, [3, 1, 9]),
    (.channelsLast, [3, 2, 2]), (.blocked, [3, 32, 3, 3]), (.blocked, [3, 16, 5]),
    (.blocked, [3, 32, 1]), (.blocked, [2, 16, 4, 4]),
  ]

  @Test("depend on the row-major index, in every layout", arguments: packings)
  func layouts(layout: TensorLayout, axes: [Int]) throws {
    let (shape, step) = (Shape(axes), MasksTests.step(6))
    let width = shape.example.count
    var numbers = SeededNumbers(seed: 79)
    let mask = KeepMask(MasksTests.stream, step: View(step), ratio: 0.4)
    let noise = MasksTests.stream.step(6)
    for examples in [0..<axes[0], 0..<1, 1..<axes[0]] {
      let part = Shape([examples.count] + axes.dropFirst())
      let order = LogicalOrder(shape, layout: layout, examples: examples)
      let x = numbers.floats(part.count)
      let (input, y) = (GuardedMemory(x), GuardedMemory<Float>(count: part.count))
      let ones = GuardedMemory<Float>(count: part.count)
      let noisy = GuardedMemory<Float>(count: part.count)
      run(applyMask(mask, of: input.view, to: y.view, order), holding: input, step)
      run(applyMask(mask, of: nil, to: ones.view, order), holding: step)
      run(
        addGaussianNoise(
          input.view, to: noisy.view, MasksTests.stream, step: View(step), deviation: 0.5, order),
        holding: input, step)
      for element in 0..<part.count {
        let place = layout.place(of: element, in: part)
        let index = examples.lowerBound * width + element
        let factor = MasksTests.factor(index, 0.4, step: 6)
        #expect(ones.values[place] == factor)
        #expect(y.values[place] == x[place] * factor)
        #expect(noisy.values[place] == x[place] + Float(0.5 * noise.normal(at: index)))
      }
      #expect(y.isIntact && ones.isIntact && noisy.isIntact)
      run(applyMask(mask, of: input.view, to: input.view, order), holding: step)
      #expect(haveSameBits(input.values, y.values))
    }
  }

  @Test("of a matrix count row by row, in every order", arguments: [(3, 5), (7, 4), (1, 9)])
  func matrices(rows: Int, columns: Int) {
    var numbers = SeededNumbers(seed: 78)
    let (x, step) = (numbers.floats(rows * columns), MasksTests.step(2))
    let mask = KeepMask(MasksTests.stream, step: View(step), ratio: 0.4)
    for order in [ProductShape.Order.rowMajor, .columnMajor] {
      let (input, y) = (GuardedMemory(x), GuardedMemory<Float>(count: x.count))
      run(
        applyMask(mask, of: input.view, to: y.view, rows: rows, columns: columns, order: order),
        holding: input, step)
      for row in 0..<rows {
        for column in 0..<columns {
          let place = order == .rowMajor ? row * columns + column : column * rows + row
          let factor = MasksTests.factor(row * columns + column, 0.4, step: 2)
          #expect(y.values[place] == x[place] * factor)
        }
      }
      #expect(y.isIntact)
      run(
        applyMask(
          mask, of: input.view, to: input.view, rows: rows, columns: columns, order: order),
        holding: step)
      #expect(haveSameBits(input.values, y.values))
    }
  }

  /// The standard deviation of the rate in 40,000 draws is at most 0.0025.
  @Test("keep the requested share of elements", arguments: [0.05, 0.3, 0.5, 0.8])
  func rate(ratio: Double) {
    let (count, step) = (40_000, MasksTests.step(0))
    let y = GuardedMemory<Float>(count: count)
    let mask = KeepMask(MasksTests.stream, step: View(step), ratio: ratio)
    run(applyMask(mask, of: nil, to: y.view, LogicalOrder(first: 0, count: count)), holding: step)
    let kept = y.values.count { $0 > 0 }
    #expect(abs(Double(count - kept) / Double(count) - ratio) < 0.0125)
    #expect(y.values.allSatisfy { $0 == 0 || $0 == Float(1 / (1 - ratio)) })
  }

  @Test("drop almost all elements, or none, at the ends of the range")
  func ends() {
    let step = MasksTests.step(1)
    let y = GuardedMemory<Float>(count: 1_000)
    let nothing = KeepMask(MasksTests.stream, step: View(step), ratio: 0)
    run(
      applyMask(nothing, of: nil, to: y.view, LogicalOrder(first: 0, count: 1_000)), holding: step)
    #expect(y.values.allSatisfy { $0 == 1 })
    let all = KeepMask(MasksTests.stream, step: View(step), ratio: 1 - 0x1p-53)
    run(applyMask(all, of: nil, to: y.view, LogicalOrder(first: 0, count: 1_000)), holding: step)
    #expect(y.values.allSatisfy { $0 == 0 })
  }

  @Test("give 0 for a dropped value that is not finite")
  func infinity() {
    let (step, count) = (MasksTests.step(3), 64)
    let x = GuardedMemory([Float](repeating: .infinity, count: count))
    let mask = KeepMask(MasksTests.stream, step: View(step), ratio: 0.5)
    run(
      applyMask(mask, of: x.view, to: x.view, LogicalOrder(first: 0, count: count)), holding: step)
    #expect(x.values.allSatisfy { $0 == 0 || $0 == .infinity })
    #expect(x.values.contains(0) && x.values.contains(.infinity))
  }

  @Test("have noise of the requested deviation, which depends on the place in the batch")
  func noise() {
    let (count, step) = (20_000, MasksTests.step(4))
    let x = GuardedMemory([Float](repeating: 1, count: count))
    let y = GuardedMemory<Float>(count: count)
    func noise(_ first: Int, _ length: Int) -> some Kernel {
      addGaussianNoise(
        x.view, to: y.view, MasksTests.stream, step: View(step), deviation: 0.5,
        LogicalOrder(first: first, count: length))
    }
    run(noise(0, count), holding: x, step)
    let whole = y.values.map { Double($0) - 1 }
    let mean = whole.reduce(0, +) / Double(count)
    let variance = whole.reduce(0) { $0 + $1 * $1 } / Double(count)
    #expect(abs(mean) < 0.02 && abs(variance - 0.25) < 0.015)
    run(noise(7, 100), holding: x, step)
    #expect(y.values.prefix(100).map { Double($0) - 1 } == Array(whole[7..<107]))
  }
}
