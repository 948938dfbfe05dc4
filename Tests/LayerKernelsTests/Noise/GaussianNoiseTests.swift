import Glibc
import Kernels
import LayerKernels
import Oracles
import Tensors
import Testing

@Suite("Gaussian noise") struct GaussianNoiseTests {
  @Test("has the requested deviation, and depends on the place in the batch")
  func noise() throws {
    let (count, step) = (20_000, try #require(Storage<Int>(count: 1)))
    step[0] = 4
    let stream = RandomStream(seed: 5, purpose: .noise(layer: "a"))
    let x = GuardedMemory([Float](repeating: 1, count: count))
    let y = GuardedMemory<Float>(count: count)
    func noise(_ first: Int, _ length: Int) -> some Kernel {
      addGaussianNoise(
        x.view, to: y.view, stream, step: View(step), deviation: 0.5,
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

  @Test("transforms the words of a block by Box and Muller")
  func formula() throws {
    let step = try #require(Storage<Int>(count: 1))
    let stream = RandomStream(seed: 3, purpose: .noise(layer: "b"))
    let x = GuardedMemory([Float](repeating: 0, count: 300))
    let y = GuardedMemory<Float>(count: 300)
    run(
      addGaussianNoise(
        x.view, to: y.view, stream, step: View(step), deviation: 1,
        LogicalOrder(first: 11, count: 300)), holding: x, step)
    #expect(y.isIntact)
    for place in 0..<300 {
      let index = 11 + place
      let words = stream.step(0).words(at: index / 4)
      let (first, second) = index % 4 < 2 ? (words.x, words.y) : (words.z, words.w)
      let radius = (-2 * log((Double(first >> 1) + 0.5) * 0x1p-31)).squareRoot()
      let angle = 2 * Double.pi * Double(second >> 8) * 0x1p-24
      let expected = radius * (index % 2 == 0 ? cos(angle) : sin(angle))
      #expect(abs(Double(y.values[place]) - expected) < 2e-6)
    }
  }
}
