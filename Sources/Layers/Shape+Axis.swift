internal import Kernels
internal import Tensors

extension Shape {
  /// The axis that a field names: not the first, which counts examples that do not know of each other.
  ///
  /// - Throws: ``ShapeFailure`` if there is no such axis, or it has no element.
  func classAxis(_ index: Int) throws(ShapeFailure) -> Int {
    guard let axis = axis(index), axis >= 1, self[axis] >= 1 else {
      throw ShapeFailure(
        "axis \(index) is none of the axes 1 to \(rank - 1) of an example, or is empty")
    }
    return axis
  }

  /// Where an axis stands, in a slice of `examples` examples. The axis was checked with the shapes.
  func extent(ofAxis index: Int, examples: Int) -> AxisExtent {
    guard let axis = axis(index) else { preconditionFailure("an axis that was not checked") }
    return AxisExtent(
      outer: examples * count(in: 1..<axis), axis: self[axis], inner: count(in: axis + 1..<rank))
  }
}
