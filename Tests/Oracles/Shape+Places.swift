package import Tensors

extension Shape {
  /// The index of a row-major place along each axis.
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
