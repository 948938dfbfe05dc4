import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Greatest elements") struct GreatestElementsTests {
  @Test("agree with a stable sort, for random shapes")
  func randomShapes() {
    var numbers = SeededNumbers(seed: 430)
    for _ in 0..<300 {
      let extent = AxisExtent(
        outer: Int.random(in: 0...3, using: &numbers),
        axis: Int.random(in: 1...20, using: &numbers),
        inner: Int.random(in: 1...3, using: &numbers))
      let count = Int.random(in: 1...extent.axis, using: &numbers)
      let result = [GreatestElementsResult.places, .values, .both][
        Int.random(in: 0..<3, using: &numbers)]
      // The values have many ties, and some NaN.
      let x = (0..<extent.count).map { _ -> Float in
        let value = Int.random(in: -4...4, using: &numbers)
        return value == 4 ? .nan : Float(value)
      }
      let width = result == .both ? 2 * count : count
      var expected = [Float](repeating: 0, count: extent.outer * width * extent.inner)
      for outer in 0..<extent.outer {
        for inner in 0..<extent.inner {
          let row = (0..<extent.axis).map { x[(outer * extent.axis + $0) * extent.inner + inner] }
          // NaN counts as greater than any number.
          let keys = row.map { $0.isNaN ? Float.infinity : $0 }
          let order = keys.indices.sorted { (keys[$1], $0) < (keys[$0], $1) }.prefix(count)
          let places = order.map { Float($0) }
          let values = order.map { row[$0] }
          let all = result == .both ? places + values : result == .places ? places : values
          for (number, value) in all.enumerated() {
            expected[(outer * width + number) * extent.inner + inner] = value
          }
        }
      }
      let (source, y) = (GuardedMemory(x), GuardedMemory<Float>(count: expected.count))
      let found = GuardedMemory<Float>(count: count)
      run(
        greatestElements(count, of: source.view, extent, result, to: y.view, found: found.view),
        holding: source)
      #expect(y.values.map { $0.isNaN ? -99 : $0 } == expected.map { $0.isNaN ? -99 : $0 })
      #expect(y.isIntact && found.isIntact)
    }
  }
}
