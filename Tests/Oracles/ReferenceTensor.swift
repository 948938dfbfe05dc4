package import Tensors

/// A tensor of a case file: an input, or an expected result with its tolerance.
package struct ReferenceTensor: Sendable {
  package let shape: Shape
  /// The values in row-major order.
  package let values: [Double]
  /// The absolute tolerance. 0 for an input.
  package let tolerance: Double

  package init(shape: Shape, values: [Double], tolerance: Double = 0) {
    self.shape = shape
    self.values = values
    self.tolerance = tolerance
  }

  package var floats: [Float] { values.map(Float.init) }

  /// The difference between `received` and this tensor. Nil if they agree. Shape and count are
  /// compared first. NaN never compares equal.
  package func mismatch(_ received: [Double], shape: Shape) -> String? {
    guard shape == self.shape else {
      return "shape \(shape.description) and not \(self.shape.description)"
    }
    guard received.count == values.count else {
      return "\(received.count) elements and not \(values.count)"
    }
    for (index, (value, expected)) in zip(received, values).enumerated() {
      // The negation of ≤ is also true for NaN.
      if !(abs(value - expected) <= tolerance) {
        return "element \(index) is \(value) and not \(expected) ± \(tolerance)"
      }
    }
    return nil
  }

  package func mismatch(_ received: [Float], shape: Shape) -> String? {
    mismatch(received.map(Double.init), shape: shape)
  }
}
