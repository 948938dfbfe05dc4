import Kernels
import LayerKernels
import Testing

@Suite("Sums of a loss") struct LossSumsTests {
  @Test("give the loss after division by the chosen divisor")
  func divisors() {
    let sums = [12.0, 3, 4, 2]
    #expect(LossDivisor.valid.loss(of: sums) == 4)
    #expect(LossDivisor.positions.loss(of: sums) == 3)
    #expect(LossDivisor.examples.loss(of: sums) == 6)
    #expect(LossDivisor.one.loss(of: sums) == 12)
  }

  @Test("are not divided by 0, but by any other weight, even a small one")
  func small() {
    #expect(LossDivisor.valid.loss(of: [0, 0, 4, 2]) == 0)
    #expect(LossDivisor.valid.loss(of: [1, 0.25, 4, 2]) == 4)
    #expect(LossDivisor.examples.loss(of: [0, 0, 0, 0]) == 0)
    #expect(LossDivisor.valid.loss(of: [.nan, 0, 4, 2]).isNaN)
  }
}
