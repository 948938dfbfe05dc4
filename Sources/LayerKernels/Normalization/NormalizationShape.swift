package import Kernels

/// y = f((x − mean)·inverse·γ + β), channel by channel, with an optional nonlinearity f.
///
/// Operands: x, mean, inverse, then γ and β if `isAffine`, then y.
package struct NormalizationShape: FusibleShape {
  package var axes: [Int]
  package var layout: TensorLayout
  package var isAffine: Bool
  package var nonlinearity: Nonlinearity?

  /// Makes the shape.
  ///
  /// - Parameter axes: the extents [examples, C, spatial…].
  package init(axes: [Int], layout: TensorLayout, isAffine: Bool) {
    self.axes = axes
    self.layout = layout
    self.isAffine = isAffine
  }

  package var isRepeatable: Bool { true }

  package func implementation() -> any PrimitiveImplementation { BatchNormalization(shape: self) }
}
