import Kernels
import Oracles
import Testing

@Suite("Embedding") struct EmbeddingTests {
  @Test("copies rows, and adds their gradients in order, for random shapes")
  func randomShapes() {
    var numbers = SeededNumbers(seed: 440)
    for _ in 0..<200 {
      let (count, rows, width) = (
        Int.random(in: 0...9, using: &numbers), Int.random(in: 1...5, using: &numbers),
        Int.random(in: 1...19, using: &numbers)
      )
      let places = numbers.labels(count, of: rows)
      let (x, weight) = (GuardedMemory(places), GuardedMemory(numbers.floats(rows * width)))
      let bias = Bool.random(using: &numbers) ? GuardedMemory(numbers.floats(width)) : nil
      let dy = GuardedMemory(numbers.floats(count * width))
      let y = GuardedMemory<Float>(count: count * width)
      let gradient = GuardedMemory<Float>(count: rows * width)
      run(
        embedding(
          x.view, weight: weight.view, bias: bias?.view, rows: rows, width: width, to: y.view))
      run(
        embeddingGradient(x.view, dy: dy.view, rows: rows, width: width, to: gradient.view),
        holding: x, weight, dy)
      var expected = [Float](repeating: 0, count: rows * width)
      for (index, place) in places.enumerated() {
        for column in 0..<width {
          let at = Int(place) * width + column
          expected[at] += dy.values[index * width + column]
          #expect(
            y.values[index * width + column]
              == (bias.map { weight.values[at] + $0.values[column] } ?? weight.values[at]))
        }
      }
      #expect(gradient.values == expected)
      #expect(y.isIntact && gradient.isIntact)
    }
  }

  @Test(
    "gives NaN and no gradient for a number without a row",
    arguments: [-1, 3, 0.5, -0.5, 1e30, -1e30, .nan, .infinity, -.infinity] as [Float])
  func noRow(number: Float) {
    let (x, weight) = (GuardedMemory([number, 1]), GuardedMemory<Float>([1, 2, 3, 4, 5, 6]))
    let (y, gradient) = (GuardedMemory<Float>(count: 4), GuardedMemory<Float>(count: 6))
    let dy = GuardedMemory<Float>([7, 8, 9, 10])
    run(
      embedding(x.view, weight: weight.view, bias: nil, rows: 3, width: 2, to: y.view),
      holding: weight)
    #expect(y.values[0].isNaN && y.values[1].isNaN && y.values[2...] == [3, 4])
    run(
      embeddingGradient(x.view, dy: dy.view, rows: 3, width: 2, to: gradient.view), holding: x, dy)
    #expect(gradient.values == [0, 0, 9, 10, 0, 0])
    #expect(y.isIntact && gradient.isIntact)
  }
}
