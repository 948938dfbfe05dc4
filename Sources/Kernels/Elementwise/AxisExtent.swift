/// The position of an axis in a tensor: [outer, axis, inner].
package struct AxisExtent: Sendable, Hashable {
  package let outer: Int
  package let axis: Int
  package let inner: Int

  package init(outer: Int, axis: Int, inner: Int) {
    self.outer = outer
    self.axis = axis
    self.inner = inner
  }

  package var count: Int { outer * axis * inner }
}
