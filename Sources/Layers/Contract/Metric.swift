package import Plans

/// A layer that reports a number of the batch and changes nothing.
package protocol Metric: Scoring {
  /// True where a greater number is a better one.
  var isBetterWhenGreater: Bool { get }
}

extension Metric {
  package var kind: LayerKind { .metric(self) }
  package func backward(_ pass: inout BackwardPass, _ kept: Kept, _ plan: inout PlanBuilder) {}
}
