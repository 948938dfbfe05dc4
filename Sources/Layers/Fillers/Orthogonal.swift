package import Tensors
package import YAML

/// w = gain · Q, the rows of Q (of [out, in·…]) orthonormal, or its columns, where those are fewer
///
/// Q is random and equally likely to be any: normal numbers made orthonormal one row after the other (Gram-Schmidt,
/// each twice, in double precision), which is their QR decomposition with a positive diagonal. A product with such a
/// matrix keeps lengths.
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

  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    let rows = shape.axes.first ?? 1
    guard shape.count > 0 else { return [] }
    let columns = shape.count / rows
    let (count, length) = (min(rows, columns), max(rows, columns))
    let vectors = Orthogonal.orthonormal(count: count, length: length, random)
    return (0..<shape.count).map { index in
      let (row, column) = (index / columns, index % columns)
      let place = rows <= columns ? row * length + column : column * length + row
      return Float(gain * vectors[place])
    }
  }

  /// `count` orthonormal vectors of `length`, one after the other.
  private static func orthonormal(count: Int, length: Int, _ random: RandomStream) -> [Double] {
    var values = (0..<count * length).map { random.normal(at: $0) }
    var span = values.mutableSpan
    for vector in 0..<count {
      let start = vector * length
      // The second time takes away what rounding left.
      for _ in 0..<2 {
        for other in 0..<vector {
          let share = dot(span, other * length, start, length)
          for index in 0..<length { span[start + index] -= share * span[other * length + index] }
        }
      }
      let size = dot(span, start, start, length).squareRoot()
      for index in 0..<length where size > 0 { span[start + index] /= size }
    }
    return values
  }

  /// Four sums, added in their order.
  private static func dot(
    _ values: borrowing MutableSpan<Double>, _ left: Int, _ right: Int, _ length: Int
  ) -> Double {
    var sums = SIMD4<Double>(repeating: 0)
    var index = 0
    while index + 4 <= length {
      for lane in 0..<4 {
        sums[lane] += values[left + index + lane] * values[right + index + lane]
      }
      index += 4
    }
    var rest = 0.0
    while index < length {
      rest += values[left + index] * values[right + index]
      index += 1
    }
    return sums.sum() + rest
  }
}
