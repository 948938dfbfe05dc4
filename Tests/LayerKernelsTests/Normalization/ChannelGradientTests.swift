import Kernels
import LayerKernels
import Oracles
import Tensors
import Testing

@Suite("Gradients of channels") struct ChannelGradientTests {
  @Test(
    "sum gradients as a naive loop in double precision does, on random images in all layouts",
    arguments: [ChannelGradientTerm.gradient, .product, .negativeProduct])
  func gradients(term: ChannelGradientTerm) {
    var numbers = SeededNumbers(seed: 76)
    for _ in 0..<200 {
      let image = RandomImage(&numbers)
      let (x, dy) = (numbers.floats(image.shape.count), numbers.floats(image.shape.count))
      let (input, gradient) = (GuardedMemory(x), GuardedMemory(dy))
      let result = GuardedMemory<Float>(count: image.numberCount)
      run(
        channelGradient(term, dy: gradient.view, x: input.view, to: result.view, image.extent),
        holding: input, gradient)
      var expected = [Double](repeating: 0, count: image.numberCount)
      for (index, number) in image.numbers.enumerated() {
        let (x, dy) = (Double(x[index]), Double(dy[index]))
        switch term {
        case .gradient: expected[number] += dy
        case .product: expected[number] += x * dy
        case .negativeProduct: expected[number] += min(x, 0) * dy
        }
      }
      for (value, exact) in zip(result.values, expected) {
        #expect(abs(Double(value) - exact) <= 1e-6 * max(1, abs(exact)))
      }
      #expect(result.isIntact)
    }
  }

  /// Adds many numbers of very different magnitude. Single precision would lose the small ones.
  @Test("sum gradients in double precision")
  func precision() {
    let dy =
      (0..<40_000).map { $0 % 16 < 8 ? Float(1 << 20) : Float(0.25) }
      + (0..<40_000).map { $0 % 16 < 8 ? -Float(1 << 20) : 0.25 }
    let (gradient, result) = (GuardedMemory(dy), GuardedMemory<Float>(count: 1))
    run(
      channelGradient(
        .gradient, dy: gradient.view, x: gradient.view, to: result.view,
        ChannelExtent(outer: 1, middle: 1, inner: dy.count)), holding: gradient)
    #expect(result.values == [10_000])
  }
}
