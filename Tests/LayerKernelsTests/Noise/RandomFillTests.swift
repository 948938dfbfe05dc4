import Kernels
import LayerKernels
import Oracles
import Tensors
import Testing

@Suite("Random fills") struct RandomFillTests {
  private let stream = RandomStream(seed: 5, purpose: .noise(layer: "a"))

  private func numbers(
    _ distribution: RandomDistribution, step: Int?, from first: Int = 0, count: Int
  ) throws -> [Float] {
    let number = try #require(Storage<Int>(count: 1))
    number[0] = step ?? 0
    let result = GuardedMemory<Float>(count: count)
    run(
      randomFill(
        distribution, stream, step: step.map { _ in View(number) }, first: first, to: result.view),
      holding: number)
    #expect(result.isIntact)
    return result.values
  }

  @Test("depend only on step and place, and not on slices")
  func places() throws {
    for distribution in [
      RandomDistribution.uniform(low: -2, high: 3), .normal(mean: 1, deviation: 2),
    ] {
      let whole = try numbers(distribution, step: 4, count: 20)
      #expect(try numbers(distribution, step: 4, from: 7, count: 5) == Array(whole[7..<12]))
      #expect(try numbers(distribution, step: 5, count: 20) != whole)
      #expect(try numbers(distribution, step: nil, count: 20) != whole)
    }
  }

  @Test("have the requested distribution")
  func moments() throws {
    let uniform = try numbers(.uniform(low: -2, high: 4), step: 1, count: 20_000)
    #expect(uniform.allSatisfy { $0 >= -2 && $0 <= 4 })
    #expect(abs(uniform.reduce(0, +) / 20_000 - 1) < 0.05)
    let normal = try numbers(.normal(mean: -3, deviation: 0.5), step: 1, count: 20_000)
    let mean = normal.reduce(0, +) / 20_000
    #expect(abs(mean + 3) < 0.02)
    let variance = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(variance - 0.25) < 0.01)
  }
}
