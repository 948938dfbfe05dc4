package import Fields
package import YAML

/// The score that selects the best test: `best: {metric: test_f1, mode: max}`.
///
/// `mode` states which values are better. It is required for a metric without a direction of its
/// own.
package struct BestRule: FieldOwner, FieldValue {
  package var metric = ""
  package var mode: MetricDirection?

  package init() {}

  package static let fields: [Field<BestRule>] = [
    .required("metric", \.metric, "The loss or metric that selects the best test."),
    .optional(
      "mode", \.mode,
      "max: greater values are better. min: lower values are better. Default: the metric's own."),
  ]

  package static var expectation: String { "a mapping with metric and mode" }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<BestRule> {
    guard node.pairs != nil else { return .mismatch }
    let rule = node.decode(BestRule.self, of: "best", &diagnostics)
    return rule.map { .value($0) } ?? .reported
  }

  package var encoded: Node { Node(.mapping(encodedFields)) }
}
