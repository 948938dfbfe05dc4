package import Fields
package import Kernels
package import Tensors

/// w = gain·Q, Q with orthonormal rows or columns
///
/// w = gain · Q, the rows of Q (of [out, in·…]) orthonormal, or its columns, where those are fewer
///
/// Q is random and equally likely to be any, see ``OrthonormalColumns``. A product with such a matrix keeps lengths.
///
/// Reference: A. M. Saxe, J. L. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
/// linear neural networks", 2013; the uniform distribution: F. Mezzadri, "How to generate random matrices from the
/// classical compact groups", 2007.
package struct Orthogonal: Filler {
  var gain = 1.0

  package init() {}

  package static let reference = Reference(
    "orthogonal", formula: "w = gain·Q, Q with orthonormal rows or columns",
    discussion: """
      A random matrix [out, in·…] that keeps lengths: its rows are orthonormal, or its columns, where those are fewer.
      """,
    example: "{type: orthogonal, gain: 1.4}")

  package static let fields: [Field<Orthogonal>] = [
    .optional("gain", \.gain, .within(-1e30...1e30), "The length of each row or column.")
  ]

  package func mistake(for shape: Shape) -> String? {
    shape.rank >= 2 ? nil : "expected a matrix or a kernel, received \(shape.description)"
  }

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
