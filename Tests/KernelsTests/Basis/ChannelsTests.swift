import Kernels
import LayerKernels
import Oracles
import Tensors
import Testing

/// A random image in a random layout. The layout's own rule decides which number, such as a scale,
/// belongs to an element.
private struct Image {
  let shape: Shape
  let layout: TensorLayout
  let isOfExample: Bool

  init(_ numbers: inout SeededNumbers) {
    let isBlocked = Bool.random(using: &numbers)
    let channels =
      isBlocked
      ? 16 * Int.random(in: 1...2, using: &numbers)
      : Int.random(in: 1...19, using: &numbers)
    let positions = Bool.random(using: &numbers) ? 1 : Int.random(in: 1...21, using: &numbers)
    shape = Shape([Int.random(in: 1...4, using: &numbers), channels, positions])
    layout = isBlocked ? .blocked : Bool.random(using: &numbers) ? .plain : .channelsLast
    isOfExample = Bool.random(using: &numbers)
  }

  var extent: ChannelExtent {
    ChannelExtent(layout.runs(shape, examples: shape[0]), isOfExample: isOfExample)
  }

  var numberCount: Int { isOfExample ? shape[0] * shape[1] : shape[1] }

  /// For each element in memory, the index of the number that belongs to it.
  var numbers: [Int] {
    var result = [Int](repeating: 0, count: shape.count)
    for index in 0..<shape.count {
      let row = index / shape[2]
      result[layout.place(of: index, in: shape)] = isOfExample ? row : row % shape[1]
    }
    return result
  }
}

@Suite("Channel-wise kernels") struct ChannelsTests {
  @Test("scale and shift as a naive loop does, on random images in all layouts")
  func affine() {
    var numbers = SeededNumbers(seed: 74)
    for round in 0..<200 {
      let image = Image(&numbers)
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
      let image = Image(&numbers)
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

  @Test(
    "sum gradients as a naive loop in double precision does, on random images in all layouts",
    arguments: [ChannelGradientTerm.gradient, .product, .negativeProduct])
  func gradients(term: ChannelGradientTerm) {
    var numbers = SeededNumbers(seed: 76)
    for _ in 0..<200 {
      let image = Image(&numbers)
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
