package import Tensors

extension Shape {
  /// Returns the index along each axis of a row-major place.
  package func indices(of place: Int) -> [Int] {
    var (rest, result) = (place, [Int]())
    for axis in axes.reversed() {
      result.append(rest % axis)
      rest /= axis
    }
    return result.reversed()
  }

  package func place(of indices: [Int]) -> Int {
    zip(axes, indices).reduce(0) { $0 * $1.0 + $1.1 }
  }
}
