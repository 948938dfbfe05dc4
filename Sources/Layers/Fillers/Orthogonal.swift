package import Fields
package import Kernels
package import Tensors

/// w = gain·Q, Q with orthonormal rows or columns
///
/// w is [out, in·…], read as a matrix. If it has at most as many rows as columns, its rows are
/// orthonormal. Otherwise its columns are. A product with such a matrix keeps lengths.
///
/// Q is random with a uniform distribution; see ``OrthonormalColumns``.
///
/// Reference: A. M. Saxe, J. L. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics
/// of learning in deep linear neural networks", 2013. The uniform distribution: F. Mezzadri, "How
/// to generate random matrices from the classical compact groups", 2007.
package struct Orthogonal: Filler {
  /// The length of each row or column.
  var gain = 1.0

  package init() {}

  package static let reference = Reference(
    "orthogonal", formula: "w = gain·Q, Q with orthonormal rows or columns",
    discussion: """
      A random matrix [out, in·…] that keeps lengths. Its rows are orthonormal, or its columns if
      those are fewer.
      """,
    example: "{type: orthogonal, gain: 1.4}")

  package static let fields: [Field<Orthogonal>] = [
    .optional("gain", \.gain, .within(-1e30...1e30), "The length of each row or column.")
  ]

  /// The filler needs at least two axes.
  package func mistake(for shape: Shape) -> String? {
    shape.rank >= 2 ? nil : "expected a matrix or a kernel, received \(shape.description)"
  }

  /// Returns the elements of gain·Q.
  ///
  /// - Throws: `KernelError` if the memory for Q is not available.
  package func values(
    of shape: Shape, _ random: RandomStream
  ) throws(KernelError) -> [Float] {
    let rows = shape.axes.first ?? 1
    guard shape.count > 0 else { return [] }
    let columns = shape.count / rows
    let isWide = rows <= columns
    let count = min(rows, columns)
    let matrix = try OrthonormalColumns.make(
      count: count, length: max(rows, columns), random
    ).array
    return (0..<shape.count).map { index in
      let (row, column) = (index / columns, index % columns)
      return Float(gain * Double(matrix[isWide ? column * count + row : index]))
    }
  }
}
