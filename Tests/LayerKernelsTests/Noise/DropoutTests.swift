import Kernels
import LayerKernels
import Oracles
import Tensors
import Testing

@Suite("Dropout masks") struct DropoutTests {
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
        let step = DropoutTests.step(11)
        let x = numbers.floats(count)
        let (input, y) = (GuardedMemory(x), GuardedMemory<Float>(count: count))
        let mask = DropoutMask(DropoutTests.stream, step: View(step), ratio: ratio)
        run(
          dropout(mask, of: input.view, to: y.view, LogicalOrder(first: first, count: count)),
          holding: input, step)
        let factors = (0..<count).map { DropoutTests.factor(first + $0, ratio, step: 11) }
        #expect(y.values == zip(x, factors).map { $0 * $1 })
        #expect(y.isIntact)
        run(
          dropout(mask, of: nil, to: y.view, LogicalOrder(first: first, count: count)),
          holding: step)
        #expect(y.values == factors)
      }
    }
  }

  /// Layouts with shapes. Their channels begin in every lane of a block.
  private static let packings: [(TensorLayout, [Int])] = [
    (.plain, [5, 3, 7]), (.channelsLast, [5, 3, 7]), (.channelsLast, [4, 6, 2, 5]),
    (.channelsLast, [3, 5, 4]), (.channelsLast, [3, 5, 1]), (.channelsLast, [3, 1, 9]),
    (.channelsLast, [3, 2, 2]), (.channelsLast, [3, 32, 3, 3]), (.channelsLast, [3, 16, 5]),
    (.channelsLast, [3, 32, 1]), (.channelsLast, [2, 16, 4, 4]),
  ]

  @Test("depend on the row-major index, in every layout", arguments: packings)
  func layouts(layout: TensorLayout, axes: [Int]) throws {
    let (shape, step) = (Shape(axes), DropoutTests.step(6))
    let width = shape.example.count
    var numbers = SeededNumbers(seed: 79)
    let mask = DropoutMask(DropoutTests.stream, step: View(step), ratio: 0.4)
    // The noise of the whole batch in row-major order, added to zeros.
    let zeros = GuardedMemory([Float](repeating: 0, count: shape.count))
    let noise = GuardedMemory<Float>(count: shape.count)
    run(
      addGaussianNoise(
        zeros.view, to: noise.view, DropoutTests.stream, step: View(step), deviation: 0.5,
        LogicalOrder(first: 0, count: shape.count)), holding: zeros, step)
    for examples in [0..<axes[0], 0..<1, 1..<axes[0]] {
      let part = Shape([examples.count] + axes.dropFirst())
      let order = LogicalOrder(shape, layout: layout, examples: examples)
      let x = numbers.floats(part.count)
      let (input, y) = (GuardedMemory(x), GuardedMemory<Float>(count: part.count))
      let ones = GuardedMemory<Float>(count: part.count)
      let noisy = GuardedMemory<Float>(count: part.count)
      run(dropout(mask, of: input.view, to: y.view, order), holding: input, step)
      run(dropout(mask, of: nil, to: ones.view, order), holding: step)
      run(
        addGaussianNoise(
          input.view, to: noisy.view, DropoutTests.stream, step: View(step), deviation: 0.5, order),
        holding: input, step)
      for element in 0..<part.count {
        let place = layout.place(of: element, in: part)
        let index = examples.lowerBound * width + element
        let factor = DropoutTests.factor(index, 0.4, step: 6)
        #expect(ones.values[place] == factor)
        #expect(y.values[place] == x[place] * factor)
        #expect(noisy.values[place] == x[place] + noise.values[index])
      }
      #expect(y.isIntact && ones.isIntact && noisy.isIntact)
      run(dropout(mask, of: input.view, to: input.view, order), holding: step)
      #expect(haveSameBits(input.values, y.values))
    }
  }

  @Test("of a matrix count row by row, in every order", arguments: [(3, 5), (7, 4), (1, 9)])
  func matrices(rows: Int, columns: Int) {
    var numbers = SeededNumbers(seed: 78)
    let (x, step) = (numbers.floats(rows * columns), DropoutTests.step(2))
    let mask = DropoutMask(DropoutTests.stream, step: View(step), ratio: 0.4)
    for order in [ProductShape.Order.rowMajor, .columnMajor] {
      let (input, y) = (GuardedMemory(x), GuardedMemory<Float>(count: x.count))
      run(
        dropout(mask, of: input.view, to: y.view, rows: rows, columns: columns, order: order),
        holding: input, step)
      for row in 0..<rows {
        for column in 0..<columns {
          let place = order == .rowMajor ? row * columns + column : column * rows + row
          let factor = DropoutTests.factor(row * columns + column, 0.4, step: 2)
          #expect(y.values[place] == x[place] * factor)
        }
      }
      #expect(y.isIntact)
      run(
        dropout(
          mask, of: input.view, to: input.view, rows: rows, columns: columns, order: order),
        holding: step)
      #expect(haveSameBits(input.values, y.values))
    }
  }

  /// The standard deviation of the rate in 40,000 draws is at most 0.0025.
  @Test("keep the requested share of elements", arguments: [0.05, 0.3, 0.5, 0.8])
  func rate(ratio: Double) {
    let (count, step) = (40_000, DropoutTests.step(0))
    let y = GuardedMemory<Float>(count: count)
    let mask = DropoutMask(DropoutTests.stream, step: View(step), ratio: ratio)
    run(dropout(mask, of: nil, to: y.view, LogicalOrder(first: 0, count: count)), holding: step)
    let kept = y.values.count { $0 > 0 }
    #expect(abs(Double(count - kept) / Double(count) - ratio) < 0.0125)
    #expect(y.values.allSatisfy { $0 == 0 || $0 == Float(1 / (1 - ratio)) })
  }

  @Test("drop almost all elements, or none, at the ends of the range")
  func ends() {
    let step = DropoutTests.step(1)
    let y = GuardedMemory<Float>(count: 1_000)
    let nothing = DropoutMask(DropoutTests.stream, step: View(step), ratio: 0)
    run(
      dropout(nothing, of: nil, to: y.view, LogicalOrder(first: 0, count: 1_000)), holding: step)
    #expect(y.values.allSatisfy { $0 == 1 })
    let all = DropoutMask(DropoutTests.stream, step: View(step), ratio: 1 - 0x1p-53)
    run(dropout(all, of: nil, to: y.view, LogicalOrder(first: 0, count: 1_000)), holding: step)
    #expect(y.values.allSatisfy { $0 == 0 })
  }

  @Test("give 0 for a dropped value that is not finite")
  func infinity() {
    let (step, count) = (DropoutTests.step(3), 64)
    let x = GuardedMemory([Float](repeating: .infinity, count: count))
    let mask = DropoutMask(DropoutTests.stream, step: View(step), ratio: 0.5)
    run(
      dropout(mask, of: x.view, to: x.view, LogicalOrder(first: 0, count: count)), holding: step)
    #expect(x.values.allSatisfy { $0 == 0 || $0 == .infinity })
    #expect(x.values.contains(0) && x.values.contains(.infinity))
  }
}
