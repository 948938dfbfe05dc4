import Kernels
import LayerKernels
import Oracles
import Testing

/// Compares a stage that spreads an operand, computes with it and sums, with loops over indices.
@Suite("Loops of formulas") struct FormulaKernelTests {
  private struct Subject {
    let axes: [Int]
    let examples: Int
    /// For each axis, whether the small operand lacks it.
    let isSpread: [Bool]
    /// For each axis, whether the sum lacks it.
    let isSummed: [Bool]

    init(seed: Int) {
      var numbers = SeededNumbers(seed: 3500 + seed)
      let extents = [2, 3, 5, 8, 17, 40]
      let rank = Int.random(in: 0...4, using: &numbers)
      axes = (0..<rank).map { _ in extents[Int.random(in: 0..<(rank > 2 ? 4 : 6), using: &numbers)]
      }
      examples = Int.random(in: 1...5, using: &numbers)
      isSpread = axes.map { _ in Bool.random(using: &numbers) }
      isSummed = axes.map { _ in Bool.random(using: &numbers) }
    }

    var width: Int { axes.reduce(1, *) }

    func strides(_ isMissing: [Bool]) -> (strides: [Int], count: Int) {
      var (strides, count) = ([Int](repeating: 0, count: axes.count), 1)
      for axis in axes.indices.reversed() where !isMissing[axis] {
        strides[axis] = count
        count *= axes[axis]
      }
      return (strides, count)
    }

    func place(of index: Int, _ strides: [Int]) -> Int {
      var (rest, place) = (index, 0)
      for axis in axes.indices.reversed() {
        place += rest % axes[axis] * strides[axis]
        rest /= axes[axis]
      }
      return place
    }
  }

  /// Returns y = x·spread(s) + 0.5 and its sums, for a range of the examples.
  private static func run(
    _ subject: Subject, x: [Float], s: [Float], examples: Range<Int>
  ) throws -> (y: [Float], sums: [Float]) {
    let (spread, spreadCount) = subject.strides(subject.isSpread)
    let (sum, sumCount) = subject.strides(subject.isSummed)
    let width = subject.width
    let stage = FormulaStage(
      axes: subject.axes, operandCounts: [width, spreadCount, width, sumCount], constants: [0.5],
      registerCount: 3,
      instructions: [
        .spread(operand: 1, strides: spread, to: 1),
        .compute(.multiply, [.operand(0), .register(1)], to: .register(2)),
        .compute(.add, [.register(2), .register(0)], to: .operand(2)),
        .sum(.operand(2), strides: sum, into: 3),
      ])
    let count = examples.count
    let memory = [
      GuardedMemory(Array(x[examples.lowerBound * width..<examples.upperBound * width])),
      GuardedMemory(
        Array(s[examples.lowerBound * spreadCount..<examples.upperBound * spreadCount])),
      GuardedMemory<Float>(count: count * width), GuardedMemory<Float>(count: count * sumCount),
    ]
    let registers = GuardedMemory<Float>(count: 3 * FormulaStage.blockLength)
    let kernel = try FormulaShape(stage, examples: count).implementation().kernel(
      memory.map(\.view), scratch: registers.view)
    // The second run must not depend on values that the first run left in memory.
    for _ in 0..<2 {
      withExtendedLifetime(memory) { Oracles.run(kernel, holding: registers) }
    }
    for memory in memory { #expect(memory.isIntact) }
    #expect(registers.isIntact)
    return (memory[2].values, memory[3].values)
  }

  @Test(
    "agree bit for bit with loops over indices, as a whole and in slices", .tags(.slow),
    arguments: 0..<240)
  func agreement(seed: Int) throws {
    let subject = Subject(seed: seed)
    var numbers = SeededNumbers(seed: seed)
    let (spread, spreadCount) = subject.strides(subject.isSpread)
    let (sum, sumCount) = subject.strides(subject.isSummed)
    let width = subject.width
    let x = numbers.floats(subject.examples * width)
    let s = numbers.floats(subject.examples * spreadCount)
    let found = try FormulaKernelTests.run(subject, x: x, s: s, examples: 0..<subject.examples)
    var sums = [Double](repeating: 0, count: subject.examples * sumCount)
    for example in 0..<subject.examples {
      for index in 0..<width {
        let factor = s[example * spreadCount + subject.place(of: index, spread)]
        let y = x[example * width + index] * factor + 0.5
        #expect(found.y[example * width + index] == y)
        sums[example * sumCount + subject.place(of: index, sum)] += Double(y)
      }
    }
    for (found, expected) in zip(found.sums, sums) {
      #expect(abs(Double(found) - expected) <= 1e-5 * max(1, abs(expected)))
    }
    for cut in 1..<max(2, subject.examples) where subject.examples > 1 {
      let first = try FormulaKernelTests.run(subject, x: x, s: s, examples: 0..<cut)
      let rest = try FormulaKernelTests.run(subject, x: x, s: s, examples: cut..<subject.examples)
      #expect(haveSameBits(first.y + rest.y, found.y))
      #expect(haveSameBits(first.sums + rest.sums, found.sums))
    }
  }

  @Test("give 0 as the sum of no values")
  func empty() throws {
    let stage = FormulaStage(
      axes: [3, 0], operandCounts: [0, 3], constants: [], registerCount: 0,
      instructions: [.sum(.operand(0), strides: [1, 0], into: 1)])
    let (x, sums) = (GuardedMemory<Float>(count: 0), GuardedMemory<Float>(count: 6))
    let registers = GuardedMemory<Float>(count: FormulaStage.blockLength)
    let kernel = try FormulaShape(stage, examples: 2).implementation().kernel(
      [x.view, sums.view], scratch: registers.view)
    Oracles.run(kernel, holding: x, sums, registers)
    #expect(sums.values == [0, 0, 0, 0, 0, 0])
    #expect(sums.isIntact)
  }
}
