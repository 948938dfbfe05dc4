package import Fields
package import Tensors

/// w = gain at [i, i, centre], 0 elsewhere
///
/// For a matrix, this is gain times the identity. A convolution with one group and this kernel
/// passes each channel on unchanged, if the padding keeps the size. The centre of k places is place
/// ⌊k/2⌋.
///
/// A matrix that is not square has the identity in its first rows and columns.
package struct Identity: Filler {
  /// The value at the places that are not 0.
  var gain = 1.0

  package init() {}

  package static let reference = Reference(
    "identity", formula: "w = gain at [i, i, centre], 0 elsewhere",
    discussion: """
      The identity of a matrix. A kernel passes each channel on unchanged.
      """,
    example: "{type: identity}")

  package static let fields: [Field<Identity>] = [
    .optional("gain", \.gain, .within(-1e30...1e30), "The value of the elements that are not 0.")
  ]

  /// The filler needs at least two axes.
  package func mistake(for shape: Shape) -> String? {
    shape.rank >= 2 ? nil : "expected a matrix or a kernel, received \(shape.description)"
  }

  /// Returns zeros, with the gain at the centre of each pair of equal channels.
  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    var values = [Float](repeating: 0, count: shape.count)
    guard shape.rank >= 2, shape.count > 0 else { return values }
    let places = shape.count(in: 2..<shape.rank)
    let centre = shape.axes.dropFirst(2).reduce(0) { $0 * $1 + $1 / 2 }
    for index in 0..<min(shape[0], shape[1]) {
      values[(index * shape[1] + index) * places + centre] = Float(gain)
    }
    return values
  }
}
