import Kernels
import Oracles
import Tensors
import Testing

@Suite("Channel-wise kernels") struct ChannelsTests {
  @Test("scale and shift as a naive loop does, on random images in all layouts")
  func affine() {
    var numbers = SeededNumbers(seed: 74)
    for round in 0..<200 {
      let image = RandomImage(&numbers)
      let x = numbers.floats(image.shape.count)
      let (a, b) = (numbers.floats(image.numberCount), numbers.floats(image.numberCount))
      let (hasScale, hasBias) = (round % 4 < 2, round % 2 == 0)
      let (input, scale, bias) = (GuardedMemory(x), GuardedMemory(a), GuardedMemory(b))
      let y = GuardedMemory<Float>(count: x.count)
      run(
        channelAffine(
          input.view, scale: hasScale ? scale.view : nil, bias: hasBias ? bias.view : nil,
          to: y.view, image.extent), holding: input, scale, bias)
      let expected = zip(x, image.numbers).map { value, number in
        (hasScale ? a[number] * value : value) + (hasBias ? b[number] : 0)
      }
      #expect(y.values == expected)
      #expect(y.isIntact)
    }
  }

  @Test("give negative inputs their slopes, on random images in all layouts")
  func slopes() {
    var numbers = SeededNumbers(seed: 75)
    for _ in 0..<200 {
      let image = RandomImage(&numbers)
      let (x, v) = (numbers.floats(image.shape.count), numbers.floats(image.shape.count))
      let a = numbers.floats(image.numberCount)
      let (sign, values, slopes) = (GuardedMemory(x), GuardedMemory(v), GuardedMemory(a))
      let result = GuardedMemory<Float>(count: x.count)
      run(
        channelSlopes(
          values.view, wherePositive: sign.view, slopes: slopes.view, to: result.view,
          image.extent), holding: sign, values, slopes)
      let places = image.numbers
      #expect(result.values == x.indices.map { x[$0] > 0 ? v[$0] : a[places[$0]] * v[$0] })
      #expect(result.isIntact)
    }
  }
}
