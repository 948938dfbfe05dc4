import Kernels
import Oracles
import Testing

@Suite("Sums") struct SumsTests {
  /// Returns numbers of very different magnitude, so that another order of addition gives other
  /// bits.
  private static func uneven(_ count: Int, _ numbers: inout SeededNumbers) -> [Float] {
    (0..<count).map { _ in
      Float.random(in: -1...1, using: &numbers)
        * [1e-6, 1, 1e6][Int.random(in: 0..<3, using: &numbers)]
    }
  }

  @Test("of columns add the rows in order", arguments: Array(1...17) + [31, 64, 100])
  func columns(columns: Int) {
    var numbers = SeededNumbers(seed: 41)
    for rows in [0, 1, 2, 3, 20, 65] {
      let x = SumsTests.uneven(rows * columns, &numbers)
      let (source, result) = (GuardedMemory(x), GuardedMemory<Float>(count: columns))
      run(
        columnSum(of: source.view, rows: rows, columns: columns, to: result.view), holding: source)
      let expected = (0..<columns).map { column in
        (0..<rows).reduce(Float(0)) { $0 + x[$1 * columns + column] }
      }
      #expect(result.values == expected)
      #expect(result.isIntact)
    }
  }

  /// ((0 + 1) + (2 + 3)) + ((4 + 5) + 6) for seven values: neighbours are added, and then neighbours
  /// of the sums. A last one without a partner waits.
  private static func tree<Value: AdditiveArithmetic>(_ values: [Value]) -> Value {
    var level = values
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { first in
        first + 1 < level.count ? level[first] + level[first + 1] : level[first]
      }
    }
    return level[0]
  }

  @Test(
    "of parts add the parts in a binary tree, also into the first",
    arguments: Array(1...9) + [16, 23, 64])
  func parts(partCount: Int) {
    var numbers = SeededNumbers(seed: 42)
    for count in [0, 1, 7, 16, 33, 511, 512, 1_100] {
      let parts = (0..<partCount).map { _ in SumsTests.uneven(count, &numbers) }
      let expected = (0..<count).map { index in
        SumsTests.tree(parts.map { $0[index] })
      }
      let memory = parts.map { GuardedMemory($0) }
      let result = GuardedMemory<Float>(count: count)
      run(elementwiseSum(of: memory.map(\.view), to: result.view, count: count))
      #expect(result.values == expected)
      #expect(result.isIntact)
      run(elementwiseSum(of: memory.map(\.view), to: memory[0].view, count: count))
      #expect(memory[0].values == expected)
      #expect(memory[0].isIntact)
      #expect(memory.dropFirst().map(\.values) == Array(parts.dropFirst()))
    }
  }

  @Test("of statistics are in double precision, in a binary tree", arguments: [1, 2, 5, 13])
  func statistics(partCount: Int) {
    let parts = (0..<partCount).map { part in
      [1e16 * (part == 0 ? 1 : -1), 1 + Double(part), 0.1]
    }
    let (memory, result) = (parts.map { GuardedMemory($0) }, GuardedMemory<Double>(count: 3))
    run(statisticSum(of: memory.map(\.view), to: result.view))
    #expect(result.isIntact)
    #expect(result.values == (0..<3).map { index in SumsTests.tree(parts.map { $0[index] }) })
    #expect(memory.allSatisfy { $0.isIntact })
  }

  @Test("of squares are in double precision", arguments: Array(0...17) + [1_000])
  func squares(count: Int) {
    var numbers = SeededNumbers(seed: 43)
    let x = SumsTests.uneven(count, &numbers)
    let (source, result) = (GuardedMemory(x), GuardedMemory<Double>(count: 1))
    run(squareSum(of: source.view, to: result.view), holding: source)
    let expected = x.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(result.values[0] - expected) <= 1e-13 * expected)
    #expect(result.isIntact)
  }

  @Test("of squares hold the square of the greatest float")
  func extremeSquares() {
    let result = GuardedMemory<Double>(count: 1)
    let greatest = GuardedMemory([Float](repeating: .greatestFiniteMagnitude, count: 5))
    run(squareSum(of: greatest.view, to: result.view), holding: greatest)
    let square = Double(Float.greatestFiniteMagnitude) * Double(Float.greatestFiniteMagnitude)
    #expect(result.values == [5 * square])
    let nan = GuardedMemory<Float>([1, 2, 3, 4, .nan])
    run(squareSum(of: nan.view, to: result.view), holding: nan)
    #expect(result.values[0].isNaN)
  }

  @Test("copy values", arguments: [0, 1, 5, 64])
  func copy(count: Int) {
    let values = (0..<count).map(Float.init)
    let (source, result) = (GuardedMemory(values), GuardedMemory<Float>(count: count))
    run(Kernels.copy(source.view, to: result.view, count: count), holding: source)
    #expect(result.values == values)
    #expect(result.isIntact)
  }
}
