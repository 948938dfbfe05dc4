import Kernels
import Oracles
import Tensors
import Testing

@Suite("Orthonormal columns") struct OrthonormalColumnsTests {
  private func columns(_ count: Int, _ length: Int, seed: Int = 5) throws -> [Float] {
    let random = RandomStream(seed: seed, purpose: .initialization(parameter: "w"))
    return try OrthonormalColumns.make(count: count, length: length, random).array
  }

  /// Columns are made in blocks of 64. The cases have no full block, one, one and a part, and
  /// several.
  @Test(
    "are orthonormal for any number of blocks",
    .tags(.slow),
    arguments: [(1, 1), (1, 5), (63, 63), (64, 64), (65, 65), (100, 1000), (200, 200), (129, 300)])
  func orthonormal(count: Int, length: Int) throws {
    let matrix = try columns(count, length)
    for left in 0..<count {
      for right in 0...left {
        let dot = (0..<length).reduce(0.0) {
          $0 + Double(matrix[$1 * count + left]) * Double(matrix[$1 * count + right])
        }
        #expect(abs(dot - (left == right ? 1 : 0)) < 1e-6)
      }
    }
  }

  /// If all directions are equally likely, an element has mean 0 and variance 1/length. The trace
  /// has mean 0 and variance 1.
  @Test("have every direction with equal probability, also in the first and the last column")
  func uniform() throws {
    let (size, draws) = (5, 400)
    let matrices = try (0..<draws).map { try columns(size, size, seed: $0) }
    for place in 0..<size * size {
      let mean = matrices.reduce(0.0) { $0 + Double($1[place]) } / Double(draws)
      let square = matrices.reduce(0.0) { $0 + Double($1[place] * $1[place]) } / Double(draws)
      // Deviations of 1/√(5·400) = 0.022 and of √(2/35·…)/√400, below 0.013.
      #expect(abs(mean) < 0.1)
      #expect(abs(square - 1 / Double(size)) < 0.06)
    }
    let traces = matrices.map { matrix in
      (0..<size).reduce(0.0) { $0 + Double(matrix[$1 * size + $1]) }
    }
    #expect(abs(traces.reduce(0, +) / Double(draws)) < 0.25)
    #expect(abs(traces.reduce(0) { $0 + $1 * $1 } / Double(draws) - 1) < 0.4)
  }
}
