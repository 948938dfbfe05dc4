package import Kernels
package import Tensors

extension [Float] {
  /// Returns row-major elements in the order of a layout.
  package func inLayout(_ layout: TensorLayout, _ shape: Shape) -> [Float] {
    var result = self
    for index in indices { result[layout.place(of: index, in: shape)] = self[index] }
    return result
  }

  package func rowMajor(from layout: TensorLayout, _ shape: Shape) -> [Float] {
    indices.map { self[layout.place(of: $0, in: shape)] }
  }
}
