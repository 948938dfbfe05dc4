package import Fields
package import Solvers
package import YAML

/// A factor of the learning rate that rises in a straight line from `start_factor` to 1 over the
/// first iterations: `warmup: {length: 500, start_factor: 0.1}`.
///
/// It multiplies what the policy gives, whose own iterations count from the start of the training.
///
/// Reference: P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017.
package struct Warmup: FieldOwner, FieldValue {
  package var length = Duration.iterations(1)
  package var startFactor = 0.1

  package init() {}

  package static let fields: [Field<Warmup>] = [
    .required("length", \.length, "How long the factor rises."),
    .optional("start_factor", \.startFactor, .within(0...1), "The factor of the first update."),
  ]

  package static var expectation: String { "a mapping with length and start_factor" }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<Warmup> {
    guard node.pairs != nil else { return .mismatch }
    return node.decode(Warmup.self, of: "warmup", &diagnostics).map { .value($0) } ?? .reported
  }

  package var encoded: Node { Node(.mapping(encodedFields)) }

  /// The factor at an iteration, counted from 0.
  ///
  /// - Parameter length: iterations of the warm-up.
  package func factor(iteration: Int, of length: Int) -> Double {
    guard iteration < length else { return 1 }
    return startFactor + (1 - startFactor) * Double(iteration) / Double(length)
  }
}
