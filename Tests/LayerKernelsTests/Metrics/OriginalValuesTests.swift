import Kernels
import LayerKernels
import Oracles
import Testing

@Suite("Values in their original unit") struct OriginalValuesTests {
  @Test("multiply by the deviation and add the mean of each column")
  func columns() {
    let x = GuardedMemory<Float>([0, 1, -1, 2, 0.5, 3])
    let y = GuardedMemory<Float>(count: 6)
    run(
      originalValues(
        x.view, means: [10, -1, 1e9], deviations: [2, 0.25, 64], to: y.view, count: 6))
    // The sums are rounded once: 1e9 − 64, and 1e9 + 192.
    #expect(y.values == [10, -0.75, 999_999_936, 14, -0.875, 1_000_000_192])
  }
}
