import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Pyramid pooling") struct PyramidPoolingTests {
  /// Returns the result for windows by Caffe's rule, element by element.
  private static func naive(
    _ average: Bool, _ levels: [Int], examples: Int, channels: Int, _ height: Int, _ width: Int,
    _ x: [Float], dy: [Float]
  ) -> (y: [Float], dx: [Float]) {
    var (y, dx): ([Float], [Float]) = ([], x.map { _ in 0 })
    func window(_ extent: Int, _ bins: Int, _ bin: Int) -> (range: [Int], size: Int) {
      let size = (extent + bins - 1) / bins
      let padding = (size * bins - extent + 1) / 2
      return (
        (0..<size).map { bin * size - padding + $0 }.filter { (0..<extent).contains($0) }, size
      )
    }
    for example in 0..<examples {
      for bins in levels {
        for channel in 0..<channels {
          for bin in 0..<bins * bins {
            let (rows, rowSize) = window(height, bins, bin / bins)
            let (columns, columnSize) = window(width, bins, bin % bins)
            let places = rows.flatMap { row in
              columns.map { ((example * channels + channel) * height + row) * width + $0 }
            }
            let gradient = dy[y.count]
            if average {
              let size = Float(rowSize * columnSize)
              for place in places { dx[place] += gradient / size }
              y.append(places.reduce(0) { $0 + x[$1] } / size)
            } else {
              let best = places.reduce(places[0]) { x[$1] > x[$0] ? $1 : $0 }
              dx[best] += gradient
              y.append(x[best])
            }
          }
        }
      }
    }
    return (y, dx)
  }

  @Test("agrees with a loop over the windows, for random shapes", arguments: [false, true])
  func randomShapes(average: Bool) {
    var numbers = SeededNumbers(seed: average ? 451 : 450)
    var checked = 0
    while checked < 200 {
      let (examples, channels) = (
        Int.random(in: 1...3, using: &numbers), Int.random(in: 1...3, using: &numbers)
      )
      let (height, width) = (
        Int.random(in: 1...13, using: &numbers), Int.random(in: 1...13, using: &numbers)
      )
      let bins = (0..<Int.random(in: 1...3, using: &numbers)).map { 1 << $0 }
      let levels = bins.compactMap { PyramidLevel(bins: $0, height: height, width: width) }
      guard levels.count == bins.count else { continue }
      checked += 1
      let x = GuardedMemory(numbers.floats(examples * channels * height * width))
      let count = examples * channels * bins.reduce(0) { $0 + $1 * $1 }
      let dy = GuardedMemory(numbers.floats(count))
      let (y, dx) = (
        GuardedMemory<Float>(count: count), GuardedMemory<Float>(count: x.values.count)
      )
      let function: PyramidFunction = average ? .average : .maximum
      run(
        pyramidPooling(function, levels, examples: examples, channels: channels, x.view, to: y.view)
      )
      run(
        pyramidPoolingGradient(
          function, levels, examples: examples, channels: channels, x.view, dy: dy.view,
          to: dx.view))
      let expected = PyramidPoolingTests.naive(
        average, bins, examples: examples, channels: channels, height, width, x.values,
        dy: dy.values)
      #expect(y.values == expected.y && dx.values == expected.dx, "\(levels)")
      #expect(y.isIntact && dx.isIntact)
    }
  }

  @Test("refuses a level with a window that has only padding")
  func emptyWindows() {
    #expect(PyramidLevel(bins: 4, height: 5, width: 8) == nil)
    #expect(PyramidLevel(bins: 4, height: 8, width: 3) == nil)
    #expect(PyramidLevel(bins: 2, height: 0, width: 3) == nil)
    #expect(PyramidLevel(bins: 4, height: 4, width: 7) != nil)
  }
}
