package import YAML

/// How the learning rate follows from the iteration.
package protocol LearningRatePolicy: CatalogType {
  /// The rate of update `iteration`, counted from 0, for a base rate of `base`.
  func rate(base: Double, iteration: Int) -> Double
}

/// Every policy, one line each.
package enum PolicyCatalog {
  package static let all = Catalog<any LearningRatePolicy>(
    of: "learning-rate policy",
    [
      entry(Fixed.self),
      entry(Step.self),
      entry(MultiStep.self),
      entry(Exponential.self),
    ])

  private static func entry<Type: LearningRatePolicy>(
    _ type: Type.Type
  ) -> Catalog<any LearningRatePolicy>.Entry {
    Catalog.Entry(type) { $0 }
  }
}

/// A policy as a field of the solver: `fixed`, or `{type: step, gamma: 0.1, stepsize: 1000}`.
package struct PolicyField: FieldValue {
  package var policy: any LearningRatePolicy = Fixed()

  package init() {}

  package static var expectation: String {
    "a learning-rate policy (\(PolicyCatalog.all.names.joined(separator: ", ")))"
  }

  package static func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Decoded<PolicyField>
  {
    guard node.items == nil, !node.isNull else { return .mismatch }
    guard let policy = PolicyCatalog.all.decode(node, of: "lr_policy", &diagnostics) else {
      return .reported
    }
    var field = PolicyField()
    field.policy = policy
    return .value(field)
  }

  package var encoded: Node {
    let pairs = policy.encodedEntry
    return pairs.count == 1 ? pairs[0].value : Node(.mapping(pairs))
  }
}
