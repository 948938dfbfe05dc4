package import Fields
package import Tensors

/// w = value
///
/// The filler suits biases. With `value: 1` it suits factors. It does not suit weights: units with
/// equal weights receive equal gradients and remain equal.
package struct Constant: Filler {
  /// The value of every element.
  var value = 0.0

  package init() {}

  package init(value: Double) { self.value = value }

  package static let reference = Reference(
    "constant", formula: "w = value", discussion: "The same value everywhere.",
    example: "{type: constant, value: 0.1}")

  package static let fields: [Field<Constant>] = [
    .optional("value", \.value, .within(-1e30...1e30), "The value.")
  ]

  /// Returns the value, once for each element.
  package func values(of shape: Shape, _ random: RandomStream) -> [Float] {
    Array(repeating: Float(value), count: shape.count)
  }
}
