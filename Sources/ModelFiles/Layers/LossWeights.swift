package import Fields
package import YAML

/// The factors of a layer's tops in the objective: one number for the first top, or one for each
/// top.
package struct LossWeights: FieldValue, Equatable {
  package let values: [Double]

  package static var expectation: String { "a number, or a list of numbers, one for each top" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<LossWeights> {
    switch [Double].decode(node, &diagnostics) {
    case .value(let values): .value(LossWeights(values: values))
    case .mismatch: .mismatch
    case .wrong(let parts): .wrong(parts)
    case .reported: .reported
    }
  }

  package var encoded: Node { values.count == 1 ? values[0].encoded : values.encoded }
}
