package import Plans

/// A layer whose number training minimises.
package protocol Loss: Scoring {
  /// The bottoms that cannot have a gradient, and their names in messages.
  var constantBottoms: [(bottom: Int, name: String)] { get }

  /// True if an example that is right enough has no gradient at all, such as one beyond a margin.
  var sparesExamples: Bool { get }

  /// True if targets are values, and the loss grows with their magnitude.
  var growsWithTargets: Bool { get }

  /// Records the gradients of `weight` times the loss.
  func backward(
    _ pass: inout BackwardPass, weight: Double, _ kept: Kept, _ plan: inout PlanBuilder)
}

extension Loss {
  package var kind: LayerKind { .loss(self) }
  package var constantBottoms: [(bottom: Int, name: String)] {
    classScoring == nil ? [] : [(1, "labels")]
  }
  package var sparesExamples: Bool { false }
  package var growsWithTargets: Bool { false }

  package func backward(_ pass: inout BackwardPass, _ kept: Kept, _ plan: inout PlanBuilder) {
    backward(&pass, weight: 1, kept, &plan)
  }
}
