package import Plans

/// A layer that reports a number for the batch and changes nothing.
///
/// A metric has no gradient, so that its `backward` records nothing.
package protocol Metric: Scoring {
  /// True if greater numbers are better.
  var isBetterWhenGreater: Bool { get }
}

extension Metric {
  package var kind: LayerKind { .metric(self) }
  package func backward(_ pass: inout BackwardPass, _ kept: Kept, _ plan: inout PlanBuilder) {}
}
