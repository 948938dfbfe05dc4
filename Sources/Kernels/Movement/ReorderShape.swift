/// Copies x into a result with another layout. Operands: x, result.
package struct ReorderShape: PrimitiveShape {
  package let axes: [Int]
  package let from: TensorLayout
  package let to: TensorLayout

  /// Makes a copy between two layouts.
  ///
  /// - Parameter axes: the extents [examples, C, spatial…].
  package init(axes: [Int], from: TensorLayout, to: TensorLayout) {
    self.axes = axes
    self.from = from
    self.to = to
  }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    // A single channel or position has the same order in every layout without padding.
    let positions = axes.dropFirst(2).reduce(1, *)
    if axes[1] == 1 || (positions == 1 && from != .blocked && to != .blocked) {
      return PlainCopy(count: axes.reduce(1, *))
    }
    return try Reorder(self)
  }
}
