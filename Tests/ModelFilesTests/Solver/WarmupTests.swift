import ModelFiles
import ModelOracles
import Oracles
import Testing

@Suite("Warm-up")
struct WarmupTests {
  @Test("rises linearly from its first factor to 1", arguments: [0, 0.25, 1])
  func factors(start: Double) {
    var warmup = Warmup()
    warmup.startFactor = start
    for length in [1, 2, 5, 1000] {
      #expect(warmup.factor(iteration: 0, of: length) == start)
      for iteration in 0..<length {
        let expected = start + (1 - start) * Double(iteration) / Double(length)
        #expect(abs(warmup.factor(iteration: iteration, of: length) - expected) < 1e-15)
      }
      #expect(warmup.factor(iteration: length, of: length) == 1)
      #expect(warmup.factor(iteration: length + 7, of: length) == 1)
    }
  }
}
