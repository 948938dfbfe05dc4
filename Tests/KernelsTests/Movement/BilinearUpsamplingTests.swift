import Kernels
import Oracles
import Testing

@Suite("Bilinear upsampling") struct BilinearUpsamplingTests {
  /// Returns the output, with each element from the tent functions around its place.
  private static func naive(
    _ images: Int, _ rows: Interpolation, _ columns: Interpolation, _ x: [Double]
  ) -> [Double] {
    func weights(_ axis: Interpolation, _ index: Int) -> [Double] {
      var place = (Double(index) + 0.5) * Double(axis.input) / Double(axis.output) - 0.5
      if axis.alignsCorners {
        place =
          axis.output == 1 ? 0 : Double(index * (axis.input - 1)) / Double(axis.output - 1)
      }
      let held = min(max(place, 0), Double(axis.input - 1))
      return (0..<axis.input).map { max(0, 1 - abs(Double($0) - held)) }
    }
    var result: [Double] = []
    for image in 0..<images {
      for row in 0..<rows.output {
        for column in 0..<columns.output {
          var sum = 0.0
          for (i, a) in weights(rows, row).enumerated() {
            for (j, b) in weights(columns, column).enumerated() {
              sum += a * b * x[(image * rows.input + i) * columns.input + j]
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  @Test("agrees with tent functions, for random shapes", .tags(.slow), arguments: [false, true])
  func randomShapes(alignsCorners: Bool) {
    var numbers = SeededNumbers(seed: alignsCorners ? 461 : 460)
    for _ in 0..<200 {
      func axis() -> Interpolation {
        Interpolation(
          input: Int.random(in: 1...5, using: &numbers),
          output: Int.random(in: 1...9, using: &numbers), alignsCorners: alignsCorners)
      }
      let (images, rows, columns) = (Int.random(in: 1...3, using: &numbers), axis(), axis())
      let x = GuardedMemory(numbers.floats(images * rows.input * columns.input))
      let count = images * rows.output * columns.output
      let (dy, y) = (GuardedMemory(numbers.floats(count)), GuardedMemory<Float>(count: count))
      let dx = GuardedMemory<Float>(count: x.values.count)
      run(bilinearUpsampling(images: images, rows: rows, columns: columns, x.view, to: y.view))
      run(
        bilinearUpsamplingGradient(
          images: images, rows: rows, columns: columns, dy: dy.view, to: dx.view))
      let exact = x.values.map(Double.init)
      let naive = { BilinearUpsamplingTests.naive(images, rows, columns, $0) }
      #expect(difference(y.values, naive(exact), 2e-6) == nil, "\(rows) \(columns)")
      let gradient = numericGradient(at: exact, weights: dy.values.map(Double.init), naive)
      #expect(difference(dx.values, gradient) == nil, "\(rows) \(columns)")
      #expect(y.isIntact && dx.isIntact)
    }
  }
}
