internal import Kernels

/// A row's mean as two floats whose sum it is, and the factor 1/(σ + …).
struct RowFactors {
  let high: Float
  let low: Float
  let factor: Float

  /// The factors that the gradient reads back.
  @inline(__always)
  init(_ saved: FloatView, row: Int) {
    let place = row &* NormalizedRows.savedWidth
    (high, low, factor) = (saved[place], saved[place &+ 1], saved[place &+ 2])
  }

  /// n = (x − μ)·factor of eight elements.
  @inline(__always)
  func normalized(_ x: SIMD8<Float>) -> SIMD8<Float> { ((x - high) - low) * factor }

  /// n = (x − μ)·factor of one element.
  @inline(__always)
  func normalized(_ x: Float) -> Float { ((x - high) - low) * factor }
}
