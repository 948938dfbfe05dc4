internal import Kernels
internal import Tensors

extension Shape {
  /// Returns the axis that a field names. It cannot be the first axis, which counts the examples.
  ///
  /// - Throws: ``ShapeFailure`` if the axis does not exist or is empty.
  func classAxis(_ index: Int) throws(ShapeFailure) -> Int {
    guard let axis = axis(index), axis >= 1, self[axis] >= 1 else {
      throw ShapeFailure(
        "axis \(index) is not one of the axes 1 to \(rank - 1) of an example, or is empty")
    }
    return axis
  }

  /// Returns the position of an axis in a slice of `examples` examples. The caller has checked the
  /// axis with the shapes.
  func extent(ofAxis index: Int, examples: Int) -> AxisExtent {
    guard let axis = axis(index) else { preconditionFailure("an axis that was not checked") }
    return AxisExtent(
      outer: examples * count(in: 1..<axis), axis: self[axis], inner: count(in: axis + 1..<rank))
  }
}
