/// result = x in another layout. Operands: x, result.
package struct ReorderShape: PrimitiveShape {
  package let axes: [Int]
  package let from: TensorLayout
  package let to: TensorLayout

  /// - Parameter axes: [examples, C, spatial…].
  package init(axes: [Int], from: TensorLayout, to: TensorLayout) {
    self.axes = axes
    self.from = from
    self.to = to
  }

  package func implementation() throws(KernelError) -> any PrimitiveImplementation {
    // One channel, or one position, lies the same way in any layout that does not pad.
    let positions = axes.dropFirst(2).reduce(1, *)
    if axes[1] == 1 || (positions == 1 && from != .blocked && to != .blocked) {
      return PlainCopy(count: axes.reduce(1, *))
    }
    return try Reorder(self)
  }
}
