package import Fields
package import Solvers
package import YAML

/// A factor of the learning rate that rises linearly to 1 at the start of training.
///
/// An example is `warmup: {length: 500, start_factor: 0.1}`. The factor rises from `start_factor`
/// over the first iterations. It multiplies the rate of the policy, and the policy counts its
/// iterations from the start of training.
///
/// Reference: P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017.
package struct Warmup: FieldOwner, FieldValue {
  package var length = Duration.iterations(1)
  package var startFactor = 0.1

  package init() {}

  package static let fields: [Field<Warmup>] = [
    .required("length", \.length, "Length of the rise."),
    .optional("start_factor", \.startFactor, .within(0...1), "The factor of the first update."),
  ]

  package static var expectation: String { "a mapping with length and start_factor" }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Warmup> {
    guard node.pairs != nil else { return .mismatch }
    return node.decode(Warmup.self, of: "warmup", &diagnostics).map { .value($0) } ?? .reported
  }

  package var encoded: Node { Node(.mapping(encodedFields)) }

  /// Returns the factor at an iteration, counted from 0.
  ///
  /// - Parameter length: the number of iterations of the warm-up.
  package func factor(iteration: Int, of length: Int) -> Double {
    guard iteration < length else { return 1 }
    return startFactor + (1 - startFactor) * Double(iteration) / Double(length)
  }
}
