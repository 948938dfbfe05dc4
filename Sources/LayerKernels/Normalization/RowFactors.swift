internal import Kernels

/// A row's mean as a sum of two floats, and the factor 1/(σ + …).
struct RowFactors {
  let high: Float
  let low: Float
  let factor: Float

  /// Reads the factors that the forward pass saved.
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
